import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
let at = 0;
const timeout = setTimeout(() => console.log('fired after', at), 30);
const step = setInterval(() => {
  if (++at < 4) timeout.refresh();
  else clearInterval(step);
}, 2);
