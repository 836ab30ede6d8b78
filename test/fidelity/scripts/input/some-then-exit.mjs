import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.once('data', (chunk) => {
  console.log(chunk.toString().slice(0, 8));
  process.exit(4);
});
process.stdin.on('end', () => console.log('end'));
