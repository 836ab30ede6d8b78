import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('stopping');
process.kill(process.pid, 'SIGSTOP');
setTimeout(() => console.log('going on'), 5);
