/** However a script ends: output, code and signal are those of a plain run. */
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Place, paths, type Result, type RunOptions, test } from '../helpers/index.js';

const { launcher } = paths;
const { cases } = (await import(pathToFileURL(join(paths.fixtures, 'ends-cases.mjs')).href)) as {
  cases: Record<string, unknown>;
};
const names = Object.keys(cases);
/** What of these arrives on a pipe depends on its reader, in a plain run too. */
const isMuch = (name: string) => name.startsWith('much output');
/** A first call costs as much as ten others, and differs from them in how the executor is made and connected. */
const coldNames = [
  'natural end',
  'exit at the top level',
  'exitCode at the top level',
  'error at the top level',
].concat(['rejection unhandled', 'top-level await that never settles', 'killed by SIGTERM']);
/** Output to files goes through other code of Node's; a signal does not care. */
const fileNames = names.filter((name) => !/^killed|^exit in|^exitCode/.test(name));
const INPUT = 'some input\n'.repeat(1000);

test('every end is as in a plain run, on pipes', async (t, place) => {
  const script = prepare(place);
  await place.script(script, ['no output']);
  const before = server(place);
  for (const name of names.filter((each) => !isMuch(each))) {
    const options = { input: INPUT };
    const [plain, warm] = await Promise.all([
      plainly(place, script, [name], options),
      place.script(script, [name], options),
    ]);
    t.strictSame(outcome(warm), outcome(plain), name);
  }
  t.equal(server(place), before, 'one server has answered them all');
});

test('every end is as in a plain run, on files', async (t, place) => {
  const script = prepare(place);
  await place.script(script, ['no output']);
  for (const name of fileNames) {
    const [plain, warm] = await Promise.all([
      onFiles(place, plainly, script, name),
      onFiles(place, served, script, name),
    ]);
    t.strictSame(warm, plain, name);
  }
});

test('of output that nobody reads before the end, as much arrives as in a plain run', async (t, place) => {
  const script = prepare(place);
  await place.script(script, ['no output']);
  // The reader waits for the end: what the pipe holds then is all there is.
  const read =
    '{ "$@"; echo "status $?" >status; } 2>err | { until [ -s status ]; do sleep 0.01; done; wc -c; cat status; }';
  for (const name of names.filter(isMuch)) {
    const run = (...command: string[]) => {
      rmSync(join(place.work, 'status'), { force: true });
      return place.startProgram('/bin/sh', ['-c', read, 'sh', ...command, script, name]).ended;
    };
    const plain = await run('node');
    t.match(plain.stdout, /^[1-9]\d+\nstatus [12]\n$/);
    t.equal((await run(launcher, '-U', 'node')).stdout, plain.stdout, name);
  }
});

test('the end of a first call is as in a plain run', async (t, place) => {
  const script = prepare(place);
  for (const name of coldNames) {
    const plain = await plainly(place, script, [name]);
    const cold = await place.call(['-U', '-f', 'node', script, name]);
    t.strictSame(outcome(cold), outcome(plain), name);
  }
});

test('ends of CommonJS are as in a plain run', async (t, place) => {
  const script = place.fixture('ends-commonjs.cjs');
  for (const name of ['natural end', 'error', 'rejection', 'exit', 'exitCode', 'main is this module']) {
    const [plain, called] = [await plainly(place, script, [name]), await place.script(script, [name])];
    t.strictSame(outcome(called), outcome(plain), name);
  }
});

function prepare(place: Place): string {
  place.fixture('ends-cases.mjs');
  return place.fixture('ends.mjs');
}

function server(place: Place): number | undefined {
  return place.servers()[0]?.pid;
}

/** By the name that the launcher is given: Node says it when it aborts. */
function plainly(place: Place, script: string, args: string[], options: RunOptions = {}): Promise<Result> {
  return place.startProgram('node', [script, ...args], options).ended;
}

function served(place: Place, script: string, args: string[], options: RunOptions = {}): Promise<Result> {
  return place.script(script, args, options);
}

async function onFiles(place: Place, run: typeof plainly, script: string, name: string): Promise<unknown> {
  const input = place.write(`input-${run.name}`, INPUT);
  const out = join(place.work, `out-${run.name}`);
  const err = join(place.work, `err-${run.name}`);
  const stdio = [openSync(input, 'r'), openSync(out, 'w'), openSync(err, 'w')];
  try {
    const { code, signal } = await run(place, script, [name], { stdio });
    return outcome({ code, signal, stdout: readFileSync(out, 'utf8'), stderr: readFileSync(err, 'utf8') });
  } finally {
    for (const descriptor of stdio) closeSync(descriptor);
  }
}

/**
 * What the caller can see. Node's warnings name the process; its trace of an abort says where code lies, and V8 has its builtins twice: in the
 * program, and copied beside the code that it generates.
 */
function outcome({ code, signal, stdout, stderr }: Pick<Result, 'code' | 'signal' | 'stdout' | 'stderr'>) {
  return { code, signal, stdout, stderr: stderr.replaceAll(/\(node:\d+\)|(?<= \d+: )0x.*/g, 'VARIES') };
}
