import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
await import('./parts/failing.mjs').catch((error) => console.log(error.message, error.stack.split('\n').length > 1));
await import('./parts/missing.mjs').catch((error) => console.log(error.code, error.message));
await import('missing-package').catch((error) => console.log(error.code, error.message));
await import('prefork-interp/inner').catch((error) => console.log(error.code));
