import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
let times = 0;
process.on('beforeExit', (code) => {
  console.log('beforeExit', code, times);
  if (times++ < 2) setTimeout(() => console.log('revived'), 1);
});
process.on('exit', (code) => console.log('exit', code));
