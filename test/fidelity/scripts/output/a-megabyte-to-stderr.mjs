import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stderr.write('0123456789abcde\n'.repeat(65536), () => console.log('written'));
