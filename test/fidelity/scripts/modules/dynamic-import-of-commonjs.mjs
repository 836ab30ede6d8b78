import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const loaded = await import('./parts/exports.cjs');
console.log(Object.keys(loaded).sort().join(), loaded.default.name);
