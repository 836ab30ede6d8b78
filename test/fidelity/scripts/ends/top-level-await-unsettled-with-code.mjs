import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.exitCode = 0;
process.on('exit', (code) => console.log('exit', code));
await new Promise(() => {});
