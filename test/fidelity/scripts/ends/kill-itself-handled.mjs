import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.once('SIGTERM', (name, number) => {
  console.log(name, number);
  clearInterval(waiting);
});
const waiting = setInterval(() => {}, 1000);
process.kill(process.pid, 'SIGTERM');
