import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.on('data', () => {});
process.stdin.unref?.();
console.log('nothing keeps it', typeof process.stdin.unref);
process.exit();
