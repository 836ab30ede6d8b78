import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
throw new Error('outer', { cause: new Error('inner') });
