import { Console } from 'node:console';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const own = new Console({ stdout: process.stdout, stderr: process.stderr, groupIndentation: 4, colorMode: true });
own.group('group');
own.log('%o', { a: [1, 'two'] });
own.error(new Set([1]));
