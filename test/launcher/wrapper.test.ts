/** A shell script named node that only becomes another program, as Yarn puts into PATH, in another folder for each run. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, test } from '../helpers/index.js';

const NODE = paths.nodeUnderTest;

const wrappers: Record<string, string> = {
  "Yarn classic's": `#!/bin/sh\n\nexec "${NODE}" "$@"\n`,
  "Yarn 4's": `#!/bin/sh\nexec "${NODE}"  "$@"\n`,
  'one without a last line end': `#!/bin/sh\nexec "${NODE}" "$@"`,
};
for (const [name, text] of Object.entries(wrappers)) {
  test(`${name} wrapper in a new folder each time leads to one server`, async (t, place) => {
    const script = place.fixture('tells-its-start.mjs');
    const plain = await call(place, script, text, { PREFORK_INTERP_DISABLE: '1' });
    t.match(plain, { code: 0, stderr: '', stdout: /"forked":false/ });
    const cold = await call(place, script, text);
    t.match(cold, { code: 0, stderr: '', stdout: /"forked":true/ });
    for (let index = 0; index < 2; index++) t.equal((await call(place, script, text)).stdout, cold.stdout);
    t.equal(place.servers().length, 1);
  });
}

test('process.argv0 is what the wrapper makes it', async (t, place) => {
  const text = wrappers["Yarn classic's"] ?? '';
  const script = place.write(
    's.mjs',
    "import { initialisationComplete } from 'prefork-interp'; initialisationComplete(); console.log(process.argv0, process.execPath);",
  );
  const wrapper = wrap(place, text);
  const expected = await place.startProgram(join(wrapper, 'node'), [script]).ended;
  for (let index = 0; index < 2; index++) t.equal((await call(place, script, text)).stdout, expected.stdout);
});

/** What may look at anything, or runs something else, is executed as it is. */
const others: Record<string, string> = {
  'with a command in front': `#!/bin/sh\nPRELUDE=1; export PRELUDE\nexec "${NODE}" "$@"\n`,
  'with a variable in the path': `#!/bin/sh\nNODE=1\nexec "$HOME/../bin/node" "$@"\n`,
  'with an argument': `#!/bin/sh\nexec "${NODE}" --title=mine "$@"\n`,
  'without quotes': `#!/bin/sh\nexec ${NODE} "$@"\n`,
  'of another shell': `#!/bin/bash\nexec "${NODE}" "$@"\n`,
  'with a line behind it': `#!/bin/sh\nexec "${NODE}" "$@"\necho not reached\n`,
};
for (const [name, text] of Object.entries(others)) {
  test(`a script ${name} is run itself`, async (t, place) => {
    const script = place.write('s.mjs', 'console.log(1);');
    const wrapper = wrap(place, text);
    const { stdout } = await place.call(['-U', '--explain', join(wrapper, 'node'), script]);
    t.match(stdout, `interpreter: ${join(wrapper, 'node')}\n`);
    t.match(await call(place, script, text, { PREFORK_INTERP_DISABLE: '1' }), { code: 0, stdout: '1\n', stderr: '' });
  });
}

test('a wrapper of what is not there, or of another program, fails as it does by itself', async (t, place) => {
  const script = place.write('s.mjs', 'console.log(1);');
  for (const [target, code] of [
    ['/absent/node', 127],
    ['/bin/false', 1],
  ] as const) {
    const text = `#!/bin/sh\nexec "${target}" "$@"\n`;
    const run = await call(place, script, text, { PREFORK_INTERP_DISABLE: '1' });
    t.match(run, { code, stdout: '' }, target);
  }
});

function wrap(place: Place, text: string): string {
  const folder = mkdtempSync(join(place.root, 'yarn--'));
  writeFileSync(join(folder, 'node'), text, { mode: 0o755 });
  return folder;
}

function call(place: Place, script: string, text: string, env: Record<string, string> = {}) {
  return place.script(script, [], { env: { ...env, PATH: `${wrap(place, text)}:${place.env.PATH}` } });
}
