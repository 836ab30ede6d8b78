import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('waiting');
await new Promise(() => {});
