import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
await import('./parts/missing.mjs');
