/** Initialisation has used up the descriptors that the limit allows: the script runs all the same, once, with a line that says why. */
import { type Place, paths, type Result, test } from '../helpers/index.js';
import { launcherLines } from '../launcher/tell.js';

const LIMIT = 300;

/** Leaves so many descriptors free before the call. */
function write(place: Place, free: number): string {
  return place.write(
    `leaves-${free}.cjs`,
    `const { initialisationComplete } = require('prefork-interp');
     const fs = require('node:fs');
     const all = [];
     try { for (;;) all.push(fs.openSync('/dev/null')); } catch {}
     for (let i = 0; i < ${free}; i++) fs.closeSync(all.pop());
     initialisationComplete();
     console.log('ran', process.argv[2]);`,
  );
}

/** With nothing open but 0, 1 and 2, and `more`. */
function call(place: Place, script: string, more: readonly number[] = []): Promise<Result> {
  const close = 'use POSIX; POSIX::close($_) for 3 .. 1023; POSIX::dup2(0, $_) for split / /, shift; exec @ARGV';
  const words = [`ulimit -n ${LIMIT}; exec /usr/bin/perl -e "$0" "$@"`, close, more.join(' '), paths.launcher];
  return place.startProgram('/bin/bash', ['-c', ...words, '-U', 'node', script, 'a']).ended;
}

for (const [free, reason] of [
  [0, ''],
  [1, '/proc/self/task cannot be read'],
  [2, ''],
  [4, ''],
] as const) {
  test(`${free} are left`, async (t, place) => {
    const script = write(place, free);
    const result = await call(place, script);
    t.match(result, { code: 0, stdout: 'ran a\n' });
    const [line = '', ...others] = launcherLines(result.stderr);
    t.match(line, `prefork-interp: running ${script} unforked: ${reason}`);
    t.strictSame(others, []);
  });
}

test("a caller's descriptor has the number of one that initialisation holds: the script runs plainly", async (t, place) => {
  const result = await call(place, write(place, 0), [90]);
  t.match(result, { code: 0, stdout: 'ran a\n' });
  t.match(launcherLines(result.stderr).at(-1), / plainly: it was refused: a descriptor's number is taken$/);
});
