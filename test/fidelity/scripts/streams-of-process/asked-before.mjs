// fidelity: {"world": "arrangement"}

import { isatty } from 'node:tty';
import { initialisationComplete } from 'prefork-interp';

const before = [isatty(0), isatty(1), isatty(2)].join();

initialisationComplete();
console.log(before, [isatty(0), isatty(1), isatty(2)].join());
