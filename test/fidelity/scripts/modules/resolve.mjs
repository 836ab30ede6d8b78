import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(import.meta.resolve('./parts/greets.mjs').split('/').slice(-3).join('/'), import.meta.resolve('node:fs'));
try {
  console.log(import.meta.resolve('missing-package'));
} catch (error) {
  console.log(error.code);
}
