import { initialisationComplete } from 'prefork-interp';

let times = 0;
process.on('SIGUSR2', () => console.log('caught', ++times));

initialisationComplete();
process.kill(process.pid, 'SIGUSR2');
setTimeout(() => {}, 20);
