/**
 * While a server is made of its initialisation, what is sent to the client has nobody yet to go to: the one does not run any more, the
 * call does not run yet. It reaches the call all the same. strace holds the process up in the moment that is meant.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  executors,
  killProcess,
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
  { moment: 'as a server is made', call: 'setsid', hasCome: (place: Place) => leadsSession(place) },
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
          const running = place.startProgram('strace', [...held(call), paths.launcher, '-U', 'node', script]);
          await waitFor('that moment', () => hasCome(place));
          running.child.kill(signal);
          const end = await running.exited;
          t.match(end, handlers ? { code: 3 } : { code: null, signal });
          t.equal(place.servers().length, 1, 'the server was not meant');
          await leave(place, running);
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
      const command = ['exec', 'strace', ...held(call), paths.launcher, '-U', 'node', script].join(' ');
      const running = place.startProgram('script', ['-qec', command, '/dev/null'], {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { TERM: 'xterm' },
      });
      await waitFor('that moment', () => hasCome(place));
      running.child.stdin?.write('\x03');
      t.match(await running.exited, { code: 3 });
      await leave(place, running);
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
function held(call: string): string[] {
  const inject = `inject=${call}:delay_exit=1000000:when=1`;
  return ['-D', '-f', '-qq', '-o', 'trace', '--seccomp-bpf', '-e', `trace=${call}`, '-e', inject];
}

function leadsSession(place: Place): boolean {
  return place
    .processes()
    .some(({ pid, command }) => command === `node ${place.work}/script.mjs` && sessionOf(pid) === pid);
}

function sessionOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
}

/** strace ends with the last that it traces. */
async function leave(place: Place, running: Running): Promise<void> {
  place.servers().forEach(killProcess);
  await running.ended;
}
