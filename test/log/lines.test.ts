import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { entryPath } from '../../dist/rundir/index.js';
import { describe, type Place, paths, spares, test, waitFor } from '../helpers/index.js';
import { logFile, readLog, waitForLine } from './helpers.js';

interface Case {
  readonly options?: object;
  /** Makes it happen, when a server of the script serves. */
  readonly act: (place: Place, script: string) => Promise<unknown> | unknown;
  /** What the line says, with PID for that of the server. */
  readonly line: RegExp;
  /** Whether the line is the server's own. */
  readonly byServer?: boolean;
}

const cases: Record<string, Case> = {
  'a start': { act: () => {}, line: /^the server starts$/ },
  'a killed call': {
    act: async (place, script) => place.script(script, ['crash']),
    line: /^call \d+ was killed by signal 11 \(Segmentation fault\)$/,
  },
  'a reload': {
    act: (_, script) => writeFileSync(script, '\n', { flag: 'a' }),
    line: /^the server ends: reload, as \/tmp\/\S+\/speaks\.mjs has changed$/,
  },
  'an idle end': { options: { idleTimeout: 0.5 }, act: () => {}, line: /^the server ends: no call for 0\.5 s$/ },
  'a socket that is gone': {
    act: (place) => unlinkSync(entryPath(place.runDirectory, 'socket', place.sockets()[0] ?? '')),
    line: /^the server ends: its socket was removed or replaced/,
  },
  'a killed watcher': {
    act: async (place) =>
      process.kill((await waitFor('a watcher', () => processOf(place, /dist\/watcher/))).pid, 'SIGKILL'),
    line: /^the server ends: its socket was removed or replaced, or its watcher was ended$/,
  },
  'a killed monitor': {
    act: async (place) => process.kill((await waitingProcess(place)).parent, 'SIGKILL'),
    line: /^the monitor of waiting process \d+ was killed by signal 9 \(Killed\)$/,
  },
  'a killed waiting process': {
    act: async (place) => process.kill((await waitingProcess(place)).pid, 'SIGKILL'),
    line: /^waiting process \d+ was killed by signal 9 \(Killed\)$/,
  },
  'a client that says nonsense': {
    act: async (place) => {
      const connection = createConnection(entryPath(place.runDirectory, 'socket', place.sockets()[0] ?? ''));
      connection.on('error', () => {});
      connection.on('data', () => connection.end(Buffer.alloc(300, 'x')));
    },
    line: /^a client sent no whole request; nothing has run$/,
    byServer: false,
  },
  'what it writes to stderr without meaning to': {
    act: (place) => writeFileSync(`/proc/${place.servers()[0]?.pid}/fd/2`, 'one line\npart of another'),
    line: /^output: one line$/,
  },
};

for (const [name, { options = {}, act, line, byServer = true }] of Object.entries(cases)) {
  test(`the log tells of ${name}`, async (t, place) => {
    const script = place.fixture('speaks.mjs');
    place.env['SPEAKS'] = JSON.stringify(options);
    t.match(await place.script(script), { code: 0, stderr: '' });
    const server = await waitFor('the server', () => place.servers()[0]);
    await act(place, script);
    const found = await waitForLine(place, line);
    t.equal(found.script, script);
    if (byServer) t.equal(found.pid, server.pid);
    t.ok(Math.abs(Date.now() - Date.parse(found.time)) < 20_000);
    t.equal(statSync(logFile(place)).mode & 0o777, 0o600);
    t.equal(statSync(dirname(logFile(place))).mode & 0o777, 0o700);
  });
}

test('normal calls, also those that their caller ends, leave no line', async (t, place) => {
  const script = place.fixture('speaks.mjs');
  for (let index = 0; index < 5; index++) t.match(await place.script(script), { code: 0 });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    const running = place.start(['-U', 'node', script, 'wait'], { stdio: ['pipe', 'pipe', 'pipe'] });
    await waitFor('the call', () => running.stdout() !== '');
    const pid = Number(running.stdout());
    running.child.kill(signal);
    await running.exited;
    await waitFor('the call to end', () => describe(pid) === undefined);
  }
  t.match(await place.script(script), { code: 0 });
  t.strictSame(
    readLog(place).map(({ text }) => text),
    ['the server starts'],
  );
});

test('the log tells of a script that cannot be forked', async (t, place) => {
  const script = place.write(
    'opens.mjs',
    "import { createServer } from 'node:net'; import { initialisationComplete } from 'prefork-interp';\nconst server = createServer().listen(0); initialisationComplete(); server.close();\n",
  );
  t.match(await place.script(script), { code: 0, stderr: /unforked/ });
  const { text, script: named } = await waitForLine(place, /^cannot be forked: /);
  t.match(text, /socket|server|TCP|handle/i);
  t.equal(named, script);
});

test(
  'the log tells of a caller that is somebody else',
  async (t, place) => {
    const script = place.fixture('speaks.mjs');
    t.match(await place.script(script), { code: 0 });
    const socket = entryPath(place.runDirectory, 'socket', place.sockets()[0] ?? '');
    for (const path of [place.root, dirname(place.runDirectory), place.runDirectory]) chmodSync(path, 0o711);
    chmodSync(socket, 0o666);
    const connect =
      "require('node:net').createConnection(process.argv[1]).on('close', () => console.log('closed')).on('error', () => {}).resume()";
    const stranger = place.startProgram('setpriv', [
      ...['--reuid=65534', '--regid=65534', '--clear-groups', paths.nodeUnderTest, '-e', connect, socket],
    ]);
    t.match(await stranger.ended, { code: 0, stdout: 'closed\n' });
    const { text } = await waitForLine(place, /^refused a call of process \d+ of user 65534$/);
    t.match(text, String(stranger.pid));
    chmodSync(place.runDirectory, 0o700);
    t.match(await place.script(script), { code: 0, stderr: '' });
  },
  { skip: process.getuid?.() === 0 ? false : 'only root can be somebody else' },
);

test('control characters in what is said make no line of their own, and none for the terminal', async (t, place) => {
  const name = 'odd\nname\x1b[2J.mjs';
  const script = place.write(
    name,
    "import { initialisationComplete } from 'prefork-interp'; initialisationComplete({ idleTimeout: 0.2 });\n",
  );
  t.match(await place.script(script), { code: 0 });
  const { script: shown } = await waitForLine(place, /^the server ends/);
  t.equal(shown, script.replace('\n', '?').replace('\x1b', '?'));
});

const unusable: Record<string, (path: string) => void> = {
  'is a directory': (path) => mkdirSync(path, { recursive: true }),
  'is a pipe that nobody reads': (path) => {
    mkdirSync(dirname(path), { recursive: true });
    spawnSync('mkfifo', [path]);
  },
  'is a link': (path) => {
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync('/dev/full', path);
  },
  'lies below a file': (path) => {
    mkdirSync(dirname(dirname(path)), { recursive: true });
    writeFileSync(dirname(path), '');
  },
};
for (const [name, make] of Object.entries(unusable)) {
  test(`where the log file ${name} only lines are lost`, async (t, place) => {
    make(logFile(place));
    const script = place.fixture('speaks.mjs');
    for (let index = 0; index < 3; index++) t.match(await place.script(script), { code: 0, stderr: '' });
    await place.script(script, ['crash']);
    t.match(await place.script(script), { code: 0, stderr: '' });
    t.equal(place.servers().length, 1);
  });
}

test('XDG_STATE_HOME says where the log is; one that is not absolute does not count', async (t, place) => {
  const script = place.fixture('speaks.mjs');
  place.env['XDG_STATE_HOME'] = join(place.root, 'state', 'deep');
  t.match(await place.script(script), { code: 0 });
  await waitFor('a line', () => readLog(place, join(place.root, 'state/deep/prefork-interp-node/log')).length > 0);
  rmSync(place.runDirectory, { recursive: true });
  await waitFor('the server to go', () => !processOf(place, /speaks/));
  place.env['XDG_STATE_HOME'] = 'state';
  t.match(await place.script(script), { code: 0 });
  await waitForLine(place, /^the server starts$/);
});

test('a log file that has become long is put aside, once', async (t, place) => {
  const path = logFile(place);
  mkdirSync(dirname(path), { recursive: true });
  const old = `2026-01-01T00:00:00.000Z 1 /old: ${'x'.repeat(990)}\n`;
  writeFileSync(path, old.repeat(1030));
  writeFileSync(`${path}.1`, 'older\n');
  const script = place.fixture('speaks.mjs');
  t.match(await place.script(script), { code: 0 });
  await waitFor('the rotation', () => statSync(`${path}.1`).size > 1 << 20);
  await Promise.all(Array.from({ length: 5 }, () => place.script(script, ['crash'])));
  await waitFor('the lines', () => readLog(place).length === 5);
  t.ok(readLog(place).every(({ text }) => text.startsWith('call ')));
  t.equal(readLog(place, `${path}.1`).at(-1)?.text, 'the server starts');
});

function processOf(place: Place, command: RegExp) {
  return place.processes().find((one) => command.test(one.command));
}

/** The first call's executor may be about to end: the server starts its spares after it, and then says that it has started. */
async function waitingProcess(place: Place) {
  await waitForLine(place, /^the server starts$/);
  return waitFor('a waiting process', () => spares(place)[0]);
}

const root = process.geteuid?.() === 0;

/** As root gets it from `sudo -E`. Each is made in place of the home's ~/.local/state. */
const homes: [name: string, make: (place: Place, home: string) => void, skip: string | false][] = [
  ["another user's", (_, home) => chownSync(home, 7, 7), root ? false : 'only root can give a directory away'],
  ['one whose .local is a link', (place, home) => symlinkSync(place.work, join(home, '.local')), false],
  [
    'one whose .local/state is a link',
    (place, home) => {
      mkdirSync(join(home, '.local'));
      symlinkSync(place.work, join(home, '.local', 'state'));
    },
    false,
  ],
];
for (const [name, make, skip] of homes) {
  test(
    `nothing is logged in a home that is ${name}`,
    async (t, place) => {
      const home = join(place.root, 'home');
      make(place, home);
      const before = [readdirSync(home), readdirSync(place.work)];
      place.env['HOME'] = home;
      const script = place.fixture('speaks.mjs');
      t.match(await place.script(script), { code: 0 });
      process.kill((await waitFor('the server', () => place.servers()[0])).pid, 'SIGTERM');
      await waitFor('its end', () => place.servers().length === 0);
      t.strictSame([readdirSync(home), readdirSync(place.work).filter((one) => one !== 'speaks.mjs')], before);
    },
    { skip },
  );
}
