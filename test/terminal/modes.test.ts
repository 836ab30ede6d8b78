/** Input at a terminal: raw mode, prompts, passwords; and the terminal afterwards. */
import { compare, type Session, STAYS } from './twins.js';

const RAW = `process.stdin.setRawMode(true);
  process.stdin.on('data', (keys) => {
    console.log('keys ' + JSON.stringify(String(keys)));
    if (String(keys) === 'q') process.exit(3);
    if (String(keys) === 'k') process.kill(process.pid, 'SIGKILL');
    if (String(keys) === 't') process.kill(process.pid, 'SIGTERM');
    if (String(keys) === 's') process.kill(process.pid, 'SIGSTOP');
    if (String(keys) === 'e') throw 'thrown';
  });
  process.on('SIGCONT', () => console.log('goes on'));`;

/** Settings and the flags of the open terminal, as a difference from before. */
async function note(session: Session, before: string): Promise<void> {
  await session.command('echo status=$?; grep flags /proc/self/fdinfo/0');
  const now = await session.terminal.modes();
  session.note(now === before ? 'modes as before' : `modes ${now} instead of ${before}`);
}

for (const [key, end] of [
  ['q', 'ends'],
  ['k', 'is killed'],
  ['t', 'is terminated'],
  ['e', 'fails'],
] as const)
  compare({
    name: `a script in raw mode gets every key, and ${end} without setting the terminal back`,
    script: `${RAW} ${STAYS}`,
    // zsh without its editor does not set the terminal back for itself, and a plain run that is killed leaves it raw.
    ...(key === 'k' ? { shells: ['bash'] as const } : {}),
    async play(session) {
      const { terminal, line, ready, prompt } = session;
      const before = await terminal.modes();
      line('./tool.mjs 2>/dev/null');
      await ready();
      session.note(`raw: ${(await terminal.modes()) !== before}`);
      for (const keys of ['a', '\x03', '\x1a', '\x04', '\x1b[A', 'ü']) {
        terminal.type(keys);
        await terminal.expect(/keys .*\r\n/);
      }
      terminal.type(key);
      await prompt();
      await note(session, before);
    },
  });

compare({
  name: 'a script in raw mode that stops',
  script: `${RAW} ${STAYS}`,
  shells: ['bash'], // as above
  async play(session) {
    const { terminal, line, ready, prompt, state, command } = session;
    const before = await terminal.modes();
    line('./tool.mjs');
    const pid = await ready();
    const raw = await terminal.modes();
    terminal.type('s');
    await prompt();
    await state(pid, 'T');
    await command('echo for the shell');
    line('fg');
    await terminal.expect('goes on');
    session.note(`raw again: ${(await terminal.modes()) === raw}`);
    process.kill(session.job().pid, 'SIGTERM');
    await prompt();
    await note(session, before);
  },
});

compare({
  name: 'questions, and a password that is not echoed',
  script: `import('node:readline/promises').then(async ({ createInterface }) => {
      const { Writable } = await import('node:stream');
      let silent = false;
      const output = new Writable({ write(chunk, _, done) { if (!silent) process.stdout.write(chunk); done(); } });
      const prompts = createInterface({ input: process.stdin, output, terminal: true });
      console.log('ready ' + process.pid);
      const name = await prompts.question('name? ');
      output.write('password? ');
      silent = true;
      const password = await prompts.question('');
      silent = false;
      prompts.close();
      console.log('\\n' + name + ' ' + password);
    });`,
  async play(session) {
    const { terminal, line, ready, prompt } = session;
    const before = await terminal.modes();
    line('./tool.mjs');
    await ready();
    await terminal.expect('name? ');
    line('mx\x7fe');
    await terminal.expect('password? ');
    line('secret');
    await terminal.expect('me secret');
    await prompt();
    await note(session, before);
  },
});

compare({
  name: 'Ctrl-D at a question ends the input',
  script: `process.stdin.on('data', (data) => console.log('data ' + data)).on('end', () => console.log('end of input'));
    console.log('ready ' + process.pid);`,
  async play(session) {
    const { terminal, line, ready, prompt } = session;
    const before = await terminal.modes();
    line('./tool.mjs');
    await ready();
    line('one');
    await terminal.expect('data one');
    terminal.type('\x04');
    await terminal.expect('end of input');
    await prompt();
    await note(session, before);
  },
});

compare({
  name: 'what a terminal can do',
  script: `const { stdin, stdout, stderr } = process;
    console.error('ready ' + process.pid);
    console.error(stdin.isTTY, stdout.isTTY, stderr.isTTY, stdin.isRaw, stdout.columns, stdout.rows, stderr.columns);
    console.error(stdout.getWindowSize?.(), stdout.getColorDepth?.(), stdout.hasColors?.(256), stderr.getColorDepth?.());`,
  async play(session) {
    const { terminal, line, ready, prompt } = session;
    const before = await terminal.modes();
    for (const command of [
      './tool.mjs',
      './tool.mjs </dev/null',
      './tool.mjs | cat',
      './tool.mjs 2>&1 >/dev/null',
      './tool.mjs 2>&1 | cat',
      'COLORTERM=truecolor ./tool.mjs',
      'NO_COLOR=1 ./tool.mjs',
      'FORCE_COLOR=2 ./tool.mjs',
      'TERM=dumb ./tool.mjs',
    ]) {
      line(command);
      await ready();
      await prompt();
      await note(session, before);
    }
  },
  ways: ['plain', 'first', 'warm'],
});
