import { join } from 'node:path';
import type { Test } from 'tap';
import { type Place, paths, type Result, test } from '../helpers/index.js';

const modules = join(paths.fixtures, 'end.mjs');
const commonjs = join(paths.fixtures, 'end.cjs');
const { endings, abrupt } = (await import(join(paths.fixtures, 'endings.mjs'))) as {
  endings: Record<string, () => void>;
  abrupt: Record<string, () => void>;
};

test('an executor ends as a plain run does', async (t, place) => {
  await place.script(modules, ['natural']);
  await eachTwoAtATime(Object.keys(endings), async (name) => compare(t, place, modules, name));
});

test('so it does from CommonJS', async (t, place) => {
  const { stdout } = await place.script(commonjs, ['names']);
  const names = stdout.trim().split('\n').at(-1)?.split(' ') ?? [];
  t.ok(names.length > 5);
  await eachTwoAtATime(names, async (name) => compare(t, place, commonjs, name));
});

test('an executor that aborts ends by that signal', async (t, place) => {
  await place.script(modules, ['natural']);
  for (const name of Object.keys(abrupt)) {
    const [plain, warm] = await both(place, modules, name);
    t.equal(warm.signal ?? warm.code, plain.signal ?? plain.code, name);
    t.match(warm.stdout, 'forked', name);
  }
});

test('an early end leaves the server as it was', async (t, place) => {
  await place.script(modules, ['natural']);
  const [before] = place.servers();
  for (const name of ['exitInMain', 'thrown', 'killed', 'aborted']) await place.script(modules, [name]);
  const { stdout } = await place.script(modules, ['natural']);
  t.equal(stdout, 'forked\nnatural\n');
  t.equal(place.servers()[0]?.pid, before?.pid);
});

async function compare(t: Test, place: Place, script: string, name: string): Promise<void> {
  const [plain, warm] = await both(place, script, name);
  await t.test(name, async (t) => {
    t.match(warm.stdout, /^forked\n/);
    t.strictSame(comparable(warm), comparable(plain));
  });
}

function both(place: Place, script: string, name: string): Promise<[Result, Result]> {
  return Promise.all([place.plain(script, [name]), place.script(script, [name])]);
}

/** The pid in a warning is the process's own. */
function comparable({ code, signal, stdout, stderr }: Result) {
  return {
    code,
    signal,
    stdout: stdout.replace(/^(plain|forked)\n/, ''),
    stderr: stderr.replace(/\(node:\d+\)/, '(node:PID)'),
  };
}

async function eachTwoAtATime(names: readonly string[], run: (name: string) => Promise<void>): Promise<void> {
  const waiting = [...names];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name);
  };
  await Promise.all([worker(), worker()]);
}
