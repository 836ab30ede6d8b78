import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (let i = 0; i < 200; i++) {
  process.stdout.write(`out ${i}\n`);
  process.stderr.write(`err ${i}\n`);
}
