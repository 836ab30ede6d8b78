import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('SIGCONT', () => {
  console.log('continued');
  clearInterval(waiting);
});
const waiting = setInterval(() => {}, 1000);
process.kill(process.pid, 'SIGTSTP');
