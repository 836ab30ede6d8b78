import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdout.on('finish', () => console.error('finish'));
process.stdout.on('close', () => console.error('close'));
process.stdout.end('last words\n', () => console.error('ended'));
setTimeout(() => {
  process.stdout.write('too late\n', (error) => console.error(error.code));
  process.stdout.on('error', (error) => console.error('error', error.code));
}, 20);
