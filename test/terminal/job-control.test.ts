/** What a shell with job control does to a script shows as it does with a plain run. */
import { waitFor } from '../helpers/index.js';
import { compare, type Session, STAYS } from './twins.js';

const REPEATS_LINES = `import('node:readline').then(({ createInterface }) => {
  createInterface({ input: process.stdin }).on('line', (line) => {
    console.log('read ' + line);
    if (line === 'end') process.exit(7);
  });
  console.log('ready ' + process.pid);
});`;

compare({
  name: 'Ctrl-Z stops a script, which then reads no keys; fg lets it read',
  script: REPEATS_LINES,
  async play({ terminal, line, ready, prompt, command, state, job }) {
    line('./tool.mjs');
    const pid = await ready();
    line('one');
    await terminal.expect('read one');
    terminal.type('\x1a');
    await prompt();
    await state(pid, 'T');
    await state(job().pid, 'T');
    await command('echo for the shell');
    await command('jobs');
    line('fg');
    await state(pid, 'S');
    line('two');
    await terminal.expect('read two');
    line('end');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'a stopped script goes on in the background and is killed as a job',
  script: `process.on('SIGCONT', () => console.log('goes on')); ${STAYS}`,
  async play({ terminal, line, ready, prompt, command, runs, state, job }) {
    line('./tool.mjs');
    const pid = await ready();
    terminal.type('\x1a');
    await prompt();
    line('bg; cat');
    await terminal.expect('goes on');
    await state(pid, 'S');
    await runs('cat');
    const { pid: known } = job();
    terminal.type('\x03');
    await prompt();
    // With `wait` it has ended before the next prompt, where the shell tells of it.
    await command('kill %1; wait');
    await waitFor('the job to go', () => !isThere(known) && !isThere(pid));
    await command('jobs');
  },
});

compare({
  name: 'a stopped script that was reading is stopped again when it reads in the background',
  script: REPEATS_LINES,
  async play(session) {
    const { terminal, line, ready, prompt, command, state } = session;
    line('./tool.mjs');
    const pid = await ready();
    line('zero');
    await terminal.expect('read zero');
    terminal.type('\x1a');
    await prompt();
    await state(pid, 'T');
    line('bg >/dev/null; sleep 60');
    await isStoppedForReading(session, pid);
    await command('jobs');
    line('fg >/dev/null');
    await state(pid, 'S');
    line('one');
    await terminal.expect('read one');
    line('end');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'a script that is started in the background and reads is stopped; fg lets it read',
  script: REPEATS_LINES,
  ways: ['plain', 'first', 'warm'],
  async play(session) {
    const { terminal, line, ready, prompt, command, state } = session;
    line('./tool.mjs & sleep 60');
    const pid = await ready();
    await isStoppedForReading(session, pid);
    await command('jobs');
    line('fg >/dev/null');
    await state(pid, 'S');
    line('one');
    await terminal.expect('read one');
    line('end');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'a script that is started in the background and writes where that is not wanted is stopped',
  script: `process.on('SIGCONT', () => {}); await 0; ${STAYS}`,
  before: ['stty tostop'],
  ways: ['plain', 'first', 'warm'],
  async play({ terminal, line, ready, prompt, command, stopped }) {
    await command('./tool.mjs </dev/null &');
    await stopped();
    await command('true');
    line('fg >/dev/null');
    await ready();
    terminal.type('\x03');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'a script that stops itself stops its job',
  script: `process.once('SIGCONT', () => { console.log('goes on'); process.exit(3); });
    process.on('SIGUSR2', () => process.kill(process.pid, 'SIGSTOP')); ${STAYS}`,
  async play({ terminal, line, ready, prompt, command, state, job }) {
    line('./tool.mjs');
    const pid = await ready();
    process.kill(pid, 'SIGUSR2');
    await prompt();
    await state(pid, 'T');
    await state(job().pid, 'T');
    await command('jobs');
    line('fg');
    await terminal.expect('goes on');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'Ctrl-Z runs the handler of a script, which then stops itself',
  script: `process.on('SIGTSTP', () => { console.log('asked to stop'); process.kill(process.pid, 'SIGSTOP'); });
    process.on('SIGCONT', () => console.log('goes on')); ${STAYS}`,
  async play({ terminal, line, ready, prompt, command, state }) {
    line('./tool.mjs');
    const pid = await ready();
    for (let turn = 0; turn < 2; turn++) {
      terminal.type('\x1a');
      await terminal.expect('asked to stop');
      await prompt();
      await state(pid, 'T');
      line('fg');
      await terminal.expect('goes on');
    }
    terminal.type('\x03');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'Ctrl-Z without effect where a script handles it',
  script: `process.on('SIGTSTP', () => console.log('asked to stop')); ${STAYS}`,
  async play({ terminal, line, ready, prompt, command }) {
    line('./tool.mjs');
    await ready();
    terminal.type('\x1a');
    await terminal.expect('asked to stop');
    terminal.type('\x03');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'a stopped job is stopped by SIGSTOP too, and reads no keys',
  script: REPEATS_LINES,
  async play({ terminal, line, ready, prompt, command, state, job }) {
    line('./tool.mjs');
    const pid = await ready();
    process.kill(-job().pid, 'SIGSTOP');
    await prompt();
    await state(pid, 'T');
    await command('echo for the shell');
    await command('jobs');
    line('fg');
    await state(pid, 'S');
    line('one');
    await terminal.expect('read one');
    line('end');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'Ctrl-Z and fg of a pipeline',
  script: `process.stdin.on('data', (chunk) => console.error('read ' + chunk)); console.error('ready ' + process.pid);`,
  async play({ terminal, line, ready, prompt, command, state, place }) {
    line('cat | ./tool.mjs | cat');
    const pid = await ready();
    // zsh forks one after the other: a script as fast as ours may be ready before the last, which Ctrl-Z would then not reach.
    await waitFor('both ends of it', () => place.processes().filter((one) => one.command === 'cat').length === 2);
    terminal.type('\x1a');
    await prompt();
    await state(pid, 'T');
    line('fg >/dev/null');
    await state(pid, 'S');
    line('one');
    await terminal.expect('read one');
    terminal.type('\x04');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'Ctrl-Z and fg while the script initialises',
  initialisation: `import { existsSync } from 'node:fs';
    if (process.argv[2] !== 'quick') { console.error('ready ' + process.pid); while (!existsSync('../go')); }`,
  script: "console.log('runs');",
  ways: ['plain', 'first'],
  async play({ terminal, line, ready, prompt, command, state, place }) {
    place.write('no-go', '');
    line('rm -f ../go; ./tool.mjs');
    const pid = await ready();
    terminal.type('\x1a');
    await prompt();
    await state(pid, 'T');
    place.write('go', '');
    line('fg');
    await terminal.expect('runs');
    await prompt();
    await command('echo status=$?');
  },
});

/** While `sleep` is in the foreground. A plain run is stopped when there is something to read, ours before it could. */
async function isStoppedForReading(session: Session, pid: number): Promise<void> {
  const { terminal, line, state, runs, prompt, job } = session;
  await runs('sleep 60');
  line('for nobody');
  await terminal.expect('for nobody');
  await state(pid, 'T');
  await state(job().pid, 'T');
  terminal.type('\x03');
  await prompt();
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
