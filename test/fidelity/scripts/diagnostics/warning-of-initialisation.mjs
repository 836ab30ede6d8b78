import { initialisationComplete } from 'prefork-interp';

process.on('warning', (warning) => console.log('listener', warning.message));

initialisationComplete();
process.emitWarning('of the call');
