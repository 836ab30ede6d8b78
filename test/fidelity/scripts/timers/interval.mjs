import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
let times = 0;
const interval = setInterval(() => {
  console.log('interval', ++times, interval.hasRef());
  if (times === 3) clearInterval(interval);
}, 2);
