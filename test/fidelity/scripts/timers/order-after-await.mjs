import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.nextTick(() => console.log('tick'));
await null;
console.log('after await');
process.nextTick(() => console.log('second tick'));
await new Promise((go) => setImmediate(go));
console.log('after immediate');
