import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
throw { code: 'E_OBJECT', nested: { a: [1] } };
