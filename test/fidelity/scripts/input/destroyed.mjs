import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.on('close', () => console.log('close'));
process.stdin.destroy();
console.log(process.stdin.destroyed);
