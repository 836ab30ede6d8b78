import { Console } from 'node:console';
import { initialisationComplete } from 'prefork-interp';

const own = new Console(process.stdout, process.stderr);
globalThis.console = own;

initialisationComplete();
console.log('by a console of initialisation');
own.error('and on stderr');
