import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
setTimeout(() => process.exit(9), 10);
setInterval(() => {}, 1000);
