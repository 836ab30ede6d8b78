import { clearLine, cursorTo, moveCursor } from 'node:readline';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.stdout.cursorTo?.(3), process.stdout.clearLine?.(0), process.stdout.moveCursor?.(1, 1));
cursorTo(process.stdout, 0, 0);
moveCursor(process.stdout, 1, 0);
clearLine(process.stdout, 0);
