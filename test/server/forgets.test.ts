/** What a server keeps of its first caller: nothing that ps shows, no directory, and no variable that initialisation did not ask for. */
import { closeSync, mkdirSync, openSync, readFileSync, readlinkSync, readSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type LiveProcess, type Place, spares, test, waitFor } from '../helpers/index.js';
import { theServer } from '../launcher/tell.js';

const script = `import { initialisationComplete } from 'prefork-interp';
  if (process.env.ASKED) globalThis.asked = true;
  initialisationComplete();
  const { ASKED, SECRET } = process.env;
  console.log(JSON.stringify({ arguments: process.argv.slice(2), ASKED, SECRET, cwd: process.cwd() }));`;

/** Long enough, and made up here, so that no other program has them in its memory by chance. */
const SECRET = ['kept', 'from', 'others', process.pid, Date.now()].join('~');
const ARGUMENT = ['argued', 'by', 'one', process.pid, Date.now()].join('~');

test("a first caller's secrets are in no memory of server, spares and watcher, and in no command line", async (t, place) => {
  const path = place.write('tells.mjs', script);
  const env = { SECRET, ASKED: 'yes' };
  const first = await place.script(path, ['--token', ARGUMENT], { env });
  t.strictSame(JSON.parse(first.stdout), { arguments: ['--token', ARGUMENT], ...env, cwd: realpathSync(place.work) });
  const server = theServer(place);
  for (const one of await atRest(place)) {
    const what = one.pid === server.pid ? 'server' : one.command;
    const environment = readFileSync(`/proc/${one.pid}/environ`, 'latin1');
    t.notOk(one.command.includes(ARGUMENT), `the arguments of ${what}`);
    t.notOk(environment.includes(SECRET), `the environment of ${what}`);
    t.strictSame(mappingsWith(one.pid, SECRET), [], `the memory of ${what}: the variable`);
    t.strictSame(mappingsWith(one.pid, ARGUMENT), [], `the memory of ${what}: the argument`);
  }
  t.equal(describe(server.pid)?.command, `node ${path}`);
  const second = await place.script(path, ['b'], { env: { SECRET: 'another', ASKED: 'yes' } });
  t.strictSame(JSON.parse(second.stdout), {
    arguments: ['b'],
    SECRET: 'another',
    ASKED: 'yes',
    cwd: realpathSync(place.work),
  });
  t.equal(theServer(place).pid, server.pid);
});

test("a server, its spares, their monitors and its watcher leave the first caller's directory", async (t, place) => {
  const path = place.write('tells.mjs', script);
  const elsewhere = join(place.root, 'home', 'elsewhere');
  mkdirSync(elsewhere);
  await place.call(['-UC', 'node', path], { cwd: elsewhere });
  for (const { pid, command } of await atRest(place)) t.equal(readlinkSync(`/proc/${pid}/cwd`), '/', command);
  const { stdout } = await place.call(['-UC', 'node', path]);
  t.equal(JSON.parse(stdout).cwd, realpathSync(place.work), 'a call is where its caller is');
});

test('where initialisation has chosen a directory its calls are there', async (t, place) => {
  const elsewhere = join(place.root, 'home', 'elsewhere');
  mkdirSync(elsewhere);
  const path = place.write('goes.mjs', `process.chdir(${JSON.stringify(elsewhere)});${script}`);
  for (const call of ['first', 'second']) {
    t.equal(JSON.parse((await place.script(path)).stdout).cwd, elsewhere, `${call} call`);
    await atRest(place);
  }
});

/** Server, two spares with their monitors, and the watcher once it is Node. */
function atRest(place: Place): Promise<LiveProcess[]> {
  return waitFor('a server at rest', () => {
    if (place.servers().length !== 1) return undefined;
    const all = place.processes();
    const watches = all.some(({ command }) => command.startsWith('node ') && command.endsWith('/watcher/main.js'));
    return watches && all.length === 6 && spares(place).length === 2 ? all : undefined;
  });
}

/** The mappings of a process that hold a text. */
function mappingsWith(pid: number, text: string): string[] {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const found: string[] = [];
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) r/.exec(line) ?? [];
      if (from && holds(memory, BigInt(`0x${from}`), BigInt(`0x${to}`), text)) found.push(line);
    }
  } finally {
    closeSync(memory);
  }
  return found;
}

const CHUNK = 1 << 24;

function holds(memory: number, from: bigint, to: bigint, text: string): boolean {
  const bytes = Buffer.alloc(CHUNK + text.length);
  const wide = Buffer.from(text, 'utf16le');
  for (let at = from; at < to; at += BigInt(CHUNK)) {
    const size = Math.min(bytes.length, Number(to - at));
    let got = 0;
    try {
      got = readSync(memory, bytes, 0, size, at);
    } catch {
      // Not to be read: device memory, or what nobody has touched of a file that was cut.
    }
    const read = bytes.subarray(0, got);
    if (read.includes(text) || read.includes(wide)) return true;
  }
  return false;
}
