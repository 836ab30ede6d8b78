import { watch, writeFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const watcher = watch('.', (event, name) => {
  console.log(event, name);
  watcher.close();
});
watcher.on('close', () => console.log('closed'));
setTimeout(() => writeFileSync('new', ''), 5);
