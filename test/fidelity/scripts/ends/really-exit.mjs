import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('exit', () => console.log('not called'));
process.reallyExit(13);
