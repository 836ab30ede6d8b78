import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
Promise.resolve().then(() => process.exit(10));
await new Promise(() => {});
