// Ends in the way that its argument says.
import { initialisationComplete } from 'prefork-interp';

const forked = initialisationComplete();
const [name, value] = (process.argv[2] ?? '').split('=');
if (name === 'forked') process.stdout.write(`${forked}`);
if (name === 'exit') process.exit(Number(value));
if (name === 'throw') throw new Error('thrown');
if (name === 'echo') process.stdin.pipe(process.stdout);
if (name === 'signal') {
  setInterval(() => {}, 1000);
  process.kill(process.pid, value);
}
if (name === 'wait') {
  const waiting = setInterval(() => {}, 1000);
  process.on('SIGTERM', (signal) => {
    process.stdout.write(`got ${signal} `);
    process.exitCode = 3;
    clearInterval(waiting);
  });
  process.stdout.write('up ');
}
