/** Children that a script leaves behind, and a client that is killed, as a shell sees them. */
import { describe, test, waitFor } from '../helpers/index.js';
import { compare, play, shellsHere, writeTwins } from './twins.js';

const LEAVES_CHILD = `const { spawn } = await import('node:child_process');
  spawn('sh', ['-c', 'while [ ! -e ../go ]; do sleep 0.05; done; echo child ends'], { stdio: 'inherit' }).unref();
  console.error('ready ' + process.pid);`;

compare({
  name: 'a call ends when its script ends, and a child writes on',
  script: LEAVES_CHILD,
  ways: ['plain', 'first', 'warm'],
  async play({ terminal, line, ready, prompt, command, place }) {
    await command('rm -f ../go');
    line('./tool.mjs');
    await ready();
    await prompt();
    await command('echo status=$?');
    place.write('go', '');
    await terminal.expect('child ends');
    await command('echo');
  },
});

compare({
  name: 'what captures the output of a call waits for its children too',
  script: LEAVES_CHILD,
  ways: ['plain', 'first', 'warm'],
  async play({ terminal, line, ready, prompt, command, place, note }) {
    await command('rm -f ../go');
    line('text=$(./tool.mjs); echo "status=$? text=$text"');
    const pid = await ready();
    await waitFor('the script to end', () => describe(pid) === undefined);
    note(`waits: ${!terminal.output().includes('status=0')}`);
    place.write('go', '');
    await terminal.expect('status=0');
    await prompt();
  },
});

test('a signal that a process sends to the group of a call reaches the script alone, other than in a plain run', async (t, place) => {
  writeTwins(place, {
    script: `const { spawn } = await import('node:child_process');
      const child = spawn('sh', ['-c', 'trap "echo child ended; exit" TERM; echo child; while :; do sleep 0.05; done'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (text) => {
        if (!said) console.log('ready ' + process.pid);
        said += text;
      });
      process.on('SIGTERM', () => setTimeout(() => child.kill('SIGKILL'), 500));
      child.on('close', () => console.log(said.includes('ended') ? 'both' : 'script alone'));`,
  });
  for (const [way, whom] of [
    ['plain', 'both'],
    ['first', 'script alone'],
    ['warm', 'script alone'],
    ['replaced', 'script alone'],
  ] as const)
    await play(place, 'bash', {}, way, async ({ terminal, line, ready, prompt, job }) => {
      line('./tool.mjs');
      await ready();
      process.kill(-job().pid, 'SIGTERM');
      t.equal((await terminal.expect(/both|script alone/))[0], whom, way);
      await prompt();
    });
});

for (const shell of shellsHere())
  test(`${shell}: a client that is killed takes its script along, and the shell has the keys`, async (t, place) => {
    writeTwins(place, {
      script: `process.stdin.setRawMode(true).on('data', (keys) => console.log('took ' + keys));
        process.on('SIGINT', () => console.log('asked to end'));
        console.log('ready ' + process.pid);`,
    });
    for (const way of ['first', 'warm', 'replaced'] as const) {
      const shown = await play(place, shell, {}, way, async (session) => {
        session.line('./tool.mjs');
        const pid = await session.ready();
        session.terminal.type('a');
        await session.terminal.expect('took a');
        process.kill(session.job().pid, 'SIGKILL');
        await session.prompt();
        await waitFor('the script to go', () => describe(pid) === undefined);
        // As a user does whose program has left the terminal raw; Ctrl-J ends a line then too.
        session.terminal.type('stty sane\n');
        await session.prompt();
        await session.command('echo for the shell');
      });
      t.match(shown, /asked to end/, way);
      t.match(shown, /^for the shell$/m, way);
      t.notMatch(shown.slice(shown.indexOf('took a') + 6), /took/, way);
    }
  });
