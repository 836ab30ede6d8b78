import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
let bytes = 0;
process.stdin.on('data', (chunk) => {
  bytes += chunk.length;
  process.stdin.pause();
  setTimeout(() => process.stdin.resume(), 20);
});
process.stdin.on('end', () => console.log('bytes', bytes));
