import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.kill(process.pid, 'SIGHUP');
setTimeout(() => {}, 1000);
