import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
let times = 0;
setInterval(() => {
  if (++times === 3) throw new Error('third time');
}, 1);
