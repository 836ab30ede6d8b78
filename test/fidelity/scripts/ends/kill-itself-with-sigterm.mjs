import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('exit', () => console.log('not called'));
process.kill(process.pid, 'SIGTERM');
setTimeout(() => console.log('not reached'), 1000);
