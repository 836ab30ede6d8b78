import { readFile } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
readFile('/dev/null', () => {
  setTimeout(() => console.log('timeout'), 0);
  setImmediate(() => console.log('immediate'));
});
