import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdout.cork();
process.stdout.write('first ');
process.stderr.write('stderr in between\n');
process.stdout.write('second\n');
console.log(process.stdout.writableCorked, process.stdout.writableLength > 0);
process.nextTick(() => process.stdout.uncork());
