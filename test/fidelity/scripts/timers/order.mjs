import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
setTimeout(() => console.log('timeout 0'), 0);
setTimeout(() => console.log('timeout 20'), 20);
queueMicrotask(() => console.log('microtask'));
process.nextTick(() => console.log('tick'));
Promise.resolve().then(() => console.log('promise'));
console.log('sync');
