import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('exit', (code) => {
  console.log('first', code);
  process.exit(11);
});
process.on('exit', (code) => console.log('second', code));
process.exit(1);
