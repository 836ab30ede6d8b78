/**
 * While a server is made of its initialisation, what is sent to the client has nobody yet to go to: the one does not run any more, the
 * call does not run yet. It reaches the call all the same. strace holds the process up in the moment that is meant.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import {
  executors,
  interfering,
  killProcess,
  type LiveProcess,
  type Place,
  paths,
  type Running,
  test,
  waitFor,
  whyNoTracing,
} from '../helpers/index.js';

const ENDS_AFTER_MS = 10_000;
const HANDLERS = `for (const name of ['SIGTERM', 'SIGINT'])
  process.on(name, () => {
    console.log(name);
    process.exit(3);
  });`;

const moments = [
  // The server has left the session of the client: what the terminal sends no longer reaches it.
  { moment: 'as a server is made', call: 'setsid', hasCome: (place: Place) => serverInMaking(place) !== undefined },
  {
    moment: 'as its executor meets the client',
    call: 'getsockopt',
    hasCome: (place: Place) => executors(place).length > 0,
  },
];

for (const { moment, call, hasCome } of moments) {
  for (const handlers of ['', HANDLERS]) {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      test(
        `${signal} ${moment} reaches the script, which ${handlers ? 'handles' : 'does not handle'} it`,
        async (t, place) => {
          const script = write(place, handlers);
          const [strace = '', ...words] = held(call, script);
          const running = place.startProgram(strace, words);
          await waitFor('that moment', () => hasCome(place));
          const server = serverInMaking(place);
          running.child.kill(signal);
          t.match(await running.exited, handlers ? { code: 3 } : { code: null, signal });
          await leave(t, place, running, signal, server);
          t.equal(running.stdout(), handlers ? `${signal}\n` : '');
        },
        { skip: whyNoTracing() },
      );
    }
  }

  test(
    `Ctrl-C ${moment} reaches the script`,
    async (t, place) => {
      const script = write(place, HANDLERS);
      const running = place.startProgram('script', ['-qec', `exec ${held(call, script).join(' ')}`, '/dev/null'], {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { TERM: 'xterm' },
      });
      await waitFor('that moment', () => hasCome(place));
      const server = serverInMaking(place);
      running.child.stdin?.write('\x03');
      t.match(await running.exited, { code: 3 });
      await leave(t, place, running, 'SIGINT', server);
      t.match(running.stdout(), /SIGINT\r\n$/);
    },
    { skip: whyNoTracing() },
  );
}

test('a signal that initialisation has caught and not handled yet is handled in the call', async (t, place) => {
  const script = place.write(
    'script.mjs',
    `import { existsSync, writeFileSync } from 'node:fs';
     import { initialisationComplete } from 'prefork-interp';
     ${HANDLERS}
     writeFileSync('runs', '');
     const nobody = new Int32Array(new SharedArrayBuffer(4));
     while (!existsSync('go-on')) Atomics.wait(nobody, 0, 0, 5);
     initialisationComplete();
     setTimeout(() => {}, ${ENDS_AFTER_MS});`,
  );
  const running = place.start(['-U', 'node', script]);
  await waitFor('initialisation', () => existsSync(join(place.work, 'runs')));
  running.child.kill('SIGTERM');
  // The client has read it, and passes it on.
  const pending = () => /^ShdPnd:\t(.*)$/m.exec(readFileSync(`/proc/${running.pid}/status`, 'utf8'))?.[1];
  await waitFor('the client', () => Number(pending()) === 0);
  place.write('go-on', '');
  t.match(await running.ended, { code: 3, stdout: 'SIGTERM\n' });
});

function write(place: Place, handlers: string): string {
  return place.write(
    'script.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     ${handlers}
     initialisationComplete();
     setTimeout(() => {}, ${ENDS_AFTER_MS});`,
  );
}

/** Each process stays for a second in its first call of this kind. */
function held(call: string, script: string): string[] {
  return [...interfering(call, 'delay_exit=1000000:when=1'), paths.launcher, '-U', 'node', script];
}

/** Its parent is the client. */
function serverInMaking(place: Place): LiveProcess | undefined {
  const command = `node ${place.work}/script.mjs`;
  return place.processes().find((one) => one.session === one.pid && one.command === command);
}

/** The server was not meant, and goes only now. Where the machine took longer than a second, the moment has passed, and nothing was shown. */
async function leave(
  t: Test,
  place: Place,
  running: Running,
  signal: NodeJS.Signals,
  server: LiveProcess | undefined,
): Promise<void> {
  t.strictSame(
    place.servers().map(({ pid }) => pid),
    [server?.pid],
    'the server was not meant',
  );
  place.servers().forEach(killProcess);
  await running.ended;
  // After that moment a client tells the monitor, and sends no signal to anybody but itself.
  const sent = place.read('trace').matchAll(new RegExp(`^(\\d+) +--- ${signal} .*si_pid=${server?.parent},`, 'gm'));
  const inTime = [...sent].some(([, to]) => Number(to) !== server?.parent);
  t.pass('the signal came in that moment', { skip: inTime ? false : 'it came later' });
}
