import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdout.write('0123456789abcde\n'.repeat(65536), () => console.error('done'));
