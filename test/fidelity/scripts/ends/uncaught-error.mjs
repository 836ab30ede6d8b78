import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
throw new Error('not caught');
