// fidelity: {"reader": "slow", "arrangements": [[], ["pipe", "socket", "tty"], []]}
import { once } from 'node:events';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
let waits = 0;
// Each line is another, so that one that is lost or comes twice is noticed.
for (let i = 0; i < 20; i++) {
  const lines = Array.from({ length: 4096 }, (_, n) => `${i} ${String(n).padStart(10)}\n`).join('');
  if (process.stdout.write(lines)) continue;
  waits++;
  await once(process.stdout, 'drain');
}
// Not to stderr: where that is the same pipe, what waits for a reader is in an order for each stream.
process.stdout.write(`${waits > 0 ? 'waited' : 'never waited'}\n${'x'.repeat(200_000)}`, () => process.exit());
