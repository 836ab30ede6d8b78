import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
// No more than a socket takes at once: what waits for a reader is in an order for each stream.
for (let i = 0; i < 100; i++) {
  process.stdout.write(`out ${i}\n`);
  process.stderr.write(`err ${i}\n`);
}
