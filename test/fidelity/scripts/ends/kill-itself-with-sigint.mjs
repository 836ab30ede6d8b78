import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.kill(0, 'SIGINT');
setTimeout(() => {}, 1000);
