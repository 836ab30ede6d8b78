import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { entryPath } from '../../dist/rundir/index.js';
import { type Place, paths, test, waitFor } from '../helpers/index.js';
import { Listener, readLog, waitForLine } from './helpers.js';
import { installUnixDgram } from './unix-dgram.js';

const RSYSLOGD = '/usr/sbin/rsyslogd';
const LOCAL3 = 19 << 3;
/** For each line: the kernel keeps ten for it, and the watcher's pipe holds thousands. */
const SLOWLY_MS = 5;

const calls: Record<string, (place: Place, script: string) => Promise<unknown>> = {
  'the server starts': (place, script) => place.script(script),
  'call \\d+ was killed by signal 11 \\(Segmentation fault\\)': (place, script) => place.script(script, ['crash']),
  'the server ends: its socket was removed or replaced.*': (place, script) =>
    place.call(['-U', '--kill', 'node', script]),
};

test('lines reach syslog through the watcher, each as one datagram with facility, severity, time, name and pid', async (t, place) => {
  const listener = await Listener.start(t, place);
  place.env['SPEAKS'] = JSON.stringify({ logFacility: 'local3', logSocket: listener.path });
  const script = place.fixture('speaks.mjs');
  for (const [text, call] of Object.entries(calls)) {
    await call(place, script);
    const pattern = new RegExp(
      `^<(\\d+)>[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d prefork-interp\\[\\d+\\]: ${script}: ${text}$`,
    );
    const line = await waitFor(text, () => listener.lines().find((each) => pattern.test(each)));
    const priority = Number(pattern.exec(line)?.[1]);
    t.equal(priority & ~7, LOCAL3);
    t.equal(priority & 7, text.startsWith('call') ? 4 : 6);
  }
  t.equal(listener.lines().length, 3);
});

test('the facility is user where none is named, and none sends nothing', async (t, place) => {
  const listener = await Listener.start(t, place);
  const script = place.fixture('speaks.mjs');
  for (const logFacility of ['none', undefined]) {
    place.env['SPEAKS'] = JSON.stringify({ logFacility, logSocket: listener.path });
    t.match(await place.script(script), { code: 0 });
    await waitFor('the server', () => place.servers()[0]);
    await place.call(['-U', '--kill', 'node', script]);
    await waitFor('its end', () => place.servers().length === 0);
  }
  await waitFor('two lines', () => listener.lines().length === 2);
  t.ok(listener.lines().every((line) => line.startsWith('<14>')));
  t.equal(readLog(place).length, 4);
});

test('a script that cannot be forked sends its line itself', async (t, place) => {
  const listener = await Listener.start(t, place);
  const script = place.write(
    'opens.mjs',
    `import { createServer } from 'node:net'; import { initialisationComplete } from 'prefork-interp';
const server = createServer().listen(0); initialisationComplete({ logSocket: '${listener.path}' }); server.close();\n`,
  );
  t.match(await place.script(script), { code: 0 });
  await waitFor('the line', () => listener.lines().some((line) => line.includes(`${script}: cannot be forked: `)));
  t.equal(listener.lines().length, 1);
});

const compiled = installUnixDgram();

interface Sender {
  readonly name: string;
  /** NODE_PATH: where the user has unix-dgram. */
  readonly modules: (place: Place) => string;
  /** What the watcher loads of that name. */
  readonly loads: RegExp;
  readonly skip?: string | false;
}

const senders: Sender[] = [
  { name: 'the addon, where there is no unix-dgram', modules: () => '', loads: /^$/ },
  { name: 'the addon, where unix-dgram does not load', modules: brokenUnixDgram, loads: /^unix-dgram\n$/ },
  {
    name: 'unix-dgram, where the user has it',
    modules: () => compiled ?? '',
    loads: /^unix-dgram\n(.*\n)*.*unix_dgram\.node\n$/,
    skip: compiled === undefined && 'unix-dgram could not be fetched and compiled',
  },
];

function brokenUnixDgram(place: Place): string {
  place.write('modules/unix-dgram/index.js', 'throw new Error("built for another Node");\n');
  return join(place.work, 'modules');
}

for (const { name, modules, loads, skip = false } of senders) {
  test(
    `the watcher sends with ${name}`,
    async (t, place) => {
      const listener = await Listener.start(t, place);
      const socket = place.write('socket', '');
      const loaded = place.write('loaded', '');
      const preload = place.write(
        'notes.cjs',
        `const { Module } = require('node:module'); const { appendFileSync } = require('node:fs');
const resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) => {
  const path = resolve(name, ...rest);
  if (/unix.dgram/.test(name)) appendFileSync('${loaded}', name + '\\n');
  return path;
};\n`,
      );
      const program = join(paths.packageRoot, 'dist', 'watcher', 'main.js');
      const watcher = place.startProgram(process.execPath, ['-r', preload, program, socket], {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { NODE_PATH: modules(place) },
      });
      const input = watcher.child.stdin;
      // What comes before the greeting waits for it; pieces and several lines at a time are the same to it.
      input?.write('early out\n\x1e4 77 a rec');
      await delay(50);
      input?.write(`ord of before\n\n\x1f42 152 ${listener.path}\t/some/script.mjs\n\n\x1e6 42 a record\nout`);
      await delay(50);
      input?.end('put \x1b[2Jwithout end');
      t.match(await watcher.ended, { code: 0, stdout: '', stderr: '' });
      await waitFor('four lines', () => listener.lines().length === 4);
      t.strictSame(
        listener.lines().map((line) => line.replace(/>.*prefork/, '> prefork')),
        [
          '<157> prefork-interp[42]: /some/script.mjs: output: early out',
          '<156> prefork-interp[77]: /some/script.mjs: a record of before',
          '<158> prefork-interp[42]: /some/script.mjs: a record',
          '<157> prefork-interp[42]: /some/script.mjs: output: output ?[2Jwithout end',
        ],
      );
      t.strictSame(
        readLog(place).map(({ pid, script, text }) => [pid, script, text]),
        [
          [42, '/some/script.mjs', 'output: early out'],
          [42, '/some/script.mjs', 'output: output ?[2Jwithout end'],
        ],
        'what the server has written is not written again',
      );
      t.match(place.read('loaded'), loads);
    },
    { skip },
  );
}

test('a syslog that is not there is asked less and less often, and at once when there is another line', async (t, place) => {
  const path = join(place.root, 'syslog');
  const asked = place.write('asked', '');
  const preload = place.write(
    'hurry.cjs',
    `const { appendFileSync } = require('node:fs'); const { setTimeout } = globalThis; let times = 0;
globalThis.setTimeout = (action, ms) => {
  appendFileSync('${asked}', ms + '\\n');
  return setTimeout(action, ++times < 8 ? 0 : 2 ** 30);
};\n`,
  );
  const watcher = place.startProgram(
    paths.nodeUnderTest,
    ['-r', preload, join(paths.packageRoot, 'dist', 'watcher', 'main.js'), place.write('socket', '')],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  watcher.child.stdin?.write(`\x1f42 152 ${path}\t/some/script.mjs\n\x1e6 42 one\n`);
  await waitFor('eight tries', () => place.read('asked').split('\n').length > 8);
  t.strictSame(place.read('asked').trim().split('\n').map(Number), [100, 200, 400, 800, 1600, 3200, 6400, 12800]);

  const listener = await Listener.start(t, place);
  watcher.child.stdin?.write('\x1e6 42 two\n');
  await waitFor('both lines', () => listener.lines().length === 2);
  t.match(listener.lines()[0], /: one$/);
  t.match(listener.lines()[1], /: two$/);
  watcher.child.stdin?.end();
  t.match(await watcher.ended, { code: 0, stderr: '' });
});

test('a syslog that does not read, and one that is not there, block no call', async (t, place) => {
  const listener = await Listener.start(t, place);
  listener.process.kill('SIGSTOP');
  for (const logSocket of [listener.path, join(place.root, 'absent')]) {
    const script = place.write(
      logSocket.endsWith('absent') ? 'absent.mjs' : 'blocked.mjs',
      readFileSync(place.fixture('speaks.mjs')),
    );
    place.env['SPEAKS'] = JSON.stringify({ logSocket });
    t.match(await place.script(script), { code: 0 });
    const server = await waitFor('the server', () => place.servers().find((one) => one.script === script));
    speak(server.pid, 3000);
    for (let index = 0; index < 3; index++) {
      t.match(await place.script(script, ['crash']), { signal: 'SIGSEGV' });
      t.match(await place.script(script), { code: 0, stderr: '' });
    }
    await waitFor(
      'the lines',
      () => readLog(place).filter((line) => line.script === script && line.text.startsWith('call')).length === 3,
    );
    await waitForLine(place, /^output: line 1$/);
  }
  listener.process.kill('SIGCONT');
  await waitFor('lines', () => listener.lines().length > 3);
});

test('a stopped watcher blocks no call, and no line is lost that a slow syslog takes', async (t, place) => {
  const listener = await Listener.start(t, place, SLOWLY_MS);
  place.env['SPEAKS'] = JSON.stringify({ logSocket: listener.path });
  const script = place.fixture('speaks.mjs');
  t.match(await place.script(script), { code: 0 });
  const server = await waitFor('the server', () => place.servers()[0]);
  await waitFor('the first line', () => listener.lines().length === 1);
  const watcher = await waitFor('the watcher', () =>
    place.processes().find(({ command }) => command.includes('dist/watcher')),
  );
  process.kill(watcher.pid, 'SIGSTOP');
  t.ok(speak(server.pid, 20_000) < 20_000, 'its pipe is full');
  for (let index = 0; index < 3; index++) {
    t.match(await place.script(script, ['crash']), { signal: 'SIGSEGV' });
    t.match(await place.script(script), { code: 0, stderr: '' });
  }
  await waitFor('the lines', () => listener.lines().filter((line) => line.includes(': call ')).length === 3);
  process.kill(watcher.pid, 'SIGCONT');
  await waitFor('what was in the pipe', () => listener.lines().some((line) => /output: line 500$/.test(line)));
  t.match(await place.script(script), { code: 0, stderr: '' });
});

test('the watcher goes with its server, also while a call goes on', async (t, place) => {
  const script = place.fixture('speaks.mjs');
  const running = place.start(['-U', 'node', script, 'wait'], { stdio: ['pipe', 'pipe', 'pipe'] });
  await waitFor('the call', () => running.stdout() !== '');
  const server = await waitFor('the server', () => place.servers()[0]);
  const isWatcher = ({ command }: { command: string }) => command.includes('dist/watcher');
  await waitFor('the watcher', () => place.processes().some(isWatcher));
  process.kill(server.pid, 'SIGKILL');
  await waitFor('the watcher to go', () => !place.processes().some(isWatcher));
  t.ok(existsSync(entryPath(place.runDirectory, 'socket', server.ident)), 'not for want of a socket');
  t.equal(running.child.exitCode, null);
  running.child.stdin?.end();
  t.match(await running.exited, { code: 0 });
});

test(
  'rsyslog takes the lines apart as they are meant',
  async (t, place) => {
    const socket = join(place.root, 'log');
    const out = join(place.root, 'out');
    const config = place.write(
      'rsyslog.conf',
      `module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${socket}" CreatePath="off")
template(name="parts" type="string" string="%syslogfacility-text%|%syslogseverity-text%|%programname%|%procid%|%msg%\\n")
local3.* action(type="omfile" file="${out}" template="parts")\n`,
    );
    const daemon = place.startProgram(RSYSLOGD, ['-n', '-f', config, '-i', join(place.root, 'rsyslog.pid')]);
    await waitFor('rsyslog', () => existsSync(socket));
    place.env['SPEAKS'] = JSON.stringify({ logFacility: 'local3', logSocket: socket });
    const script = place.fixture('speaks.mjs');
    t.match(await place.script(script), { code: 0 });
    const server = await waitFor('the server', () => place.servers()[0]);
    await place.script(script, ['crash']);
    // A server that leaves at once does not wait for the monitor of a call that has just ended.
    await waitForLine(place, /^call /);
    await place.call(['-U', '--kill', 'node', script]);
    const lines = await waitFor('three lines', () => {
      const found = existsSync(out) ? readFileSync(out, 'utf8').split('\n').slice(0, -1) : [];
      return found.length >= 3 && found;
    }).catch((error: Error) => {
      const found = [
        place.env['SPEAKS'],
        existsSync(out) && readFileSync(out, 'utf8'),
        JSON.stringify(readLog(place)),
        daemon.stderr(),
      ];
      throw new Error(`${error.message}: ${found.join(' | ')}`);
    });
    const head = `local3|info|prefork-interp|${server.pid}| ${script}: `;
    t.equal(lines[0], `${head}the server starts`);
    t.match(lines[1], /^local3\|warning\|prefork-interp\|\d+\| \S+: call \d+ was killed by signal 11/);
    t.match(lines[2], `${head}the server ends: its socket was removed or replaced`);
    t.equal(lines.length, 3);
    daemon.child.kill('SIGTERM');
    await daemon.exited;
  },
  { skip: existsSync(RSYSLOGD) ? false : 'rsyslog is not installed' },
);

const wrong: [options: object, error: RegExp][] = [
  [
    { logFacility: 'local8' },
    /RangeError: initialisationComplete: logFacility must be one of kern, .*none, not local8/,
  ],
  [{ logFacility: 3 }, /TypeError: initialisationComplete: logFacility must be one of/],
  [{ logSocket: 1 }, /TypeError: initialisationComplete: logSocket must be a string, not number/],
];
for (const [options, error] of wrong) {
  test(`the options ${JSON.stringify(options)} are refused in every kind of run`, async (t, place) => {
    place.env['SPEAKS'] = JSON.stringify(options);
    const script = place.fixture('speaks.mjs');
    for (const run of [place.plain(script), place.script(script)]) t.match(await run, { code: 1, stderr: error });
  });
}

/** Writes lines to the stderr of a server; returns how many it took before it would have had to wait. */
function speak(pid: number, count: number): number {
  const descriptor = openSync(`/proc/${pid}/fd/2`, constants.O_WRONLY | constants.O_NONBLOCK);
  let written = 0;
  try {
    while (written < count) writeSync(descriptor, `line ${++written}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  } finally {
    closeSync(descriptor);
  }
  return written;
}
