/** The first calls tell which pages calls touch, and later spares have them ready. */
import { test } from '../helpers/index.js';

const MEGABYTES = 4;
const PAGES = (MEGABYTES << 20) / 4096;
/** Enough that all but the last are served by spares older than what the first few had to tell. */
const CALLS = 10;

test('pages that the first calls have written are ready in later calls', async (t, place) => {
  const script = place.write(
    'script.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     const memory = Buffer.alloc(${MEGABYTES << 20}, 1);
     initialisationComplete();
     const before = process.resourceUsage().minorPageFault;
     memory.fill(2);
     console.log(process.resourceUsage().minorPageFault - before);`,
  );
  let faults = 0;
  for (let i = 0; i < CALLS; i++) faults = Number((await place.script(script)).stdout);
  t.ok(faults < PAGES / 4, `${faults} faults for ${PAGES} pages`);
});
