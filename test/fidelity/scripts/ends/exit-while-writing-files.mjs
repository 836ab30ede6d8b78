import { writeFile } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
writeFile('written', 'x'.repeat(1000), () => {});
process.exit(0);
