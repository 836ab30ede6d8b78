import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.kill(process.pid, 'SIGSEGV');
setTimeout(() => {}, 1000);
