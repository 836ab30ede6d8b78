import { readFile } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
readFile('missing', (error) => {
  throw error;
});
