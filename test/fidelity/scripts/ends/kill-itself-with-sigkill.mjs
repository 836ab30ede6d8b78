import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('before');
process.kill(process.pid, 'SIGKILL');
