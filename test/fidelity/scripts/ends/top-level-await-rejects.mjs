import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
await Promise.reject(new Error('awaited'));
