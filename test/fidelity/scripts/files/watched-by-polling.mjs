import { unwatchFile, watchFile, writeFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
watchFile('later', { interval: 10 }, (now, before) => {
  console.log(now.isFile(), before.size);
  unwatchFile('later');
});
setTimeout(() => writeFileSync('later', 'x'), 30);
