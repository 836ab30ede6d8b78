// fidelity: {"arrangements": "all"}

import { closeSync, openSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
try {
  closeSync(openSync('/dev/tty', 'r+'));
  console.log('it can be opened');
} catch (error) {
  console.log(error.code);
}
