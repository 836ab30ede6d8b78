/** The caller finds its descriptors and its terminal as they were. */

import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths, test } from '../helpers/index.js';

const { launcher } = paths;

/** It makes its streams, which sets O_NONBLOCK on pipes, and ends in the way its argument names. */
const streams = `import { initialisationComplete } from 'prefork-interp';
  initialisationComplete();
  process.stdin.on('data', () => {});
  process.stdout.write('out');
  process.stderr.write('err');
  if (process.argv[2] === 'killed') process.kill(process.pid, 'SIGKILL');
  process.exit(0);`;

test('descriptors that blocked before a call block after it, however it ends', async (t, place) => {
  const script = place.write('streams.mjs', streams);
  for (const [turn, end] of ['first', 'naturally', 'killed'].entries()) {
    const names = ['in', 'out', 'err'].map((name) => join(place.root, `${name}${turn}`));
    for (const name of names) execFileSync('mkfifo', [name]);
    const stdio = names.map((name) => openSync(name, constants.O_RDWR));
    try {
      const before = stdio.map(statusFlags);
      const { exited } = place.start(['-U', 'node', script, end], { stdio });
      t.match(await exited, end === 'killed' ? { signal: 'SIGKILL' } : { code: 0 }, end);
      t.strictSame(stdio.map(statusFlags), before, end);
    } finally {
      for (const descriptor of stdio) closeSync(descriptor);
    }
  }
});

test('a terminal has its modes back after a call that set it raw and was killed', async (t, place) => {
  const script = place.write(
    'raw.mjs',
    `import { execFileSync } from 'node:child_process';
     import { initialisationComplete } from 'prefork-interp';
     initialisationComplete();
     process.stdin.setRawMode(true);
     execFileSync('stty', ['-g'], { stdio: 'inherit' });
     process.kill(process.pid, 'SIGKILL');`,
  );
  const call = `stty -g; '${launcher}' -U node '${script}'; stty -g`;
  const { ended } = place.startProgram('script', ['-qec', `${call}; ${call}`, '/dev/null'], {
    env: { TERM: 'xterm' },
  });
  const { stdout } = await ended;
  const modes = stdout.split(/\r?\n/).filter((line) => /^[0-9a-f]+(:[0-9a-f]+)+$/.test(line.trim()));
  t.equal(modes.length, 6, stdout);
  const [before, raw, after, again, rawAgain, afterwards] = modes;
  t.not(raw, before);
  t.not(rawAgain, before);
  t.strictSame([after, again, afterwards], [before, before, before]);
});

function statusFlags(descriptor: number): string | undefined {
  return /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
}
