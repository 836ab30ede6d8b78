/** What keys and the window's size do to a script in the foreground shows as it does with a plain run. */
import { compare, STAYS } from './twins.js';

compare({
  name: 'Ctrl-C ends a script that does not handle it',
  async play({ terminal, line, ready, prompt, command }) {
    line('./tool.mjs');
    await ready();
    terminal.type('\x03');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'Ctrl-C runs the handler of a script',
  script: `process.on('SIGINT', () => { console.log('interrupted'); process.exit(5); }); ${STAYS}`,
  async play({ terminal, line, ready, prompt, command }) {
    line('./tool.mjs');
    await ready();
    terminal.type('\x03');
    await terminal.expect('interrupted');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'Ctrl-\\ ends a script',
  async play({ terminal, line, ready, prompt, command }) {
    line('./tool.mjs');
    await ready();
    terminal.type('\x1c');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'Ctrl-C in the middle of a pipeline',
  // It stays: the end of its input could come before the signal, which takes two processes more (docs/differences.md).
  script: `process.stdin.on('data', () => {}); console.error('ready ' + process.pid); setInterval(() => {}, 1000);`,
  async play({ terminal, line, ready, prompt, command, runs, shell }) {
    line('(sleep 60; true) | ./tool.mjs | cat');
    await ready();
    for (const other of ['sleep 60', 'cat']) await runs(other);
    terminal.type('\x03');
    await prompt();
    await command(shell === 'bash' ? 'echo "status=$' + '{PIPESTATUS[*]}"' : 'echo status=$pipestatus');
  },
});

compare({
  name: 'Ctrl-C while the script initialises',
  initialisation: `if (process.argv[2] !== 'quick') { console.error('ready ' + process.pid); for (;;) {} }`,
  ways: ['plain', 'first'],
  async play({ terminal, line, ready, prompt, command }) {
    line('./tool.mjs');
    await ready();
    terminal.type('\x03');
    await prompt();
    await command('echo status=$?');
  },
});

compare({
  name: 'the window changes its size',
  script: `const size = () => process.stdout.columns + 'x' + process.stdout.rows;
    console.log(size(), process.stdout.isTTY, process.stdin.isTTY, process.stdout.getColorDepth());
    process.stdout.on('resize', () => console.log('now ' + size()));
    process.on('SIGWINCH', () => console.log('changed')); ${STAYS}`,
  async play({ terminal, line, ready, prompt, command }) {
    await terminal.resize(81, 25);
    line('./tool.mjs');
    await ready();
    await terminal.resize(91, 31);
    await terminal.expect('changed');
    await terminal.resize(101, 41);
    await terminal.expect('changed');
    terminal.type('\x03');
    await prompt();
    await command('echo status=$?');
  },
});
