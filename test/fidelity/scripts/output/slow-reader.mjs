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
console.error(waits > 0 ? 'waited' : 'never waited');
process.stdout.write('x'.repeat(200_000), () => process.exit());
