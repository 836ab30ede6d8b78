import { initialisationComplete } from 'prefork-interp';

process.on('exit', (code) => console.log('listener of initialisation', code));

initialisationComplete();
process.exitCode = 3;
