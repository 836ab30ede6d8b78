import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
globalThis.process = undefined;
throw new Error('without process');
