/** Every signal, to the client alone and to its group: what the script does and what the shell shows is that of a plain run. */
import { constants } from 'node:os';
import { compare, type Session, STAYS } from './twins.js';

/**
 * By number: the shell shows what `kill` of another process does. SIGKILL and SIGSTOP are in monitor/lives and job-control; SIGUSR1
 * starts the inspector in a plain run only (docs/fork.md); stop signals are below.
 */
const FATAL = Object.entries({ ...constants.signals, SIGRTMIN: 34, SIGRTMAX: 64 }).filter(
  ([name]) => !/^SIG(KILL|STOP|USR1|TSTP|TTIN|TTOU|CHLD|URG|WINCH|CONT|PIPE|XFSZ|IOT|POLL|UNUSED)$/.test(name),
);
const HARMLESS = ['SIGCHLD', 'SIGURG', 'SIGWINCH', 'SIGCONT', 'SIGPIPE', 'SIGXFSZ'] as const;
const HANDLED = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGTRAP',
  'SIGABRT',
  'SIGUSR2',
  'SIGPIPE',
  'SIGALRM',
  'SIGTERM',
  'SIGCHLD',
  'SIGCONT',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGURG',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGVTALRM',
  'SIGWINCH',
  'SIGIO',
  'SIGPWR',
  'SIGSYS',
] as const;

for (const [whom, sign] of [
  ['the client alone', 1],
  ['the group of the client', -1],
] as const) {
  compare({
    name: `signals that end a script, sent to ${whom}`,
    shells: ['bash'],
    ways: ['plain', 'warm'],
    async play(session) {
      for (const [name, number] of FATAL) {
        session.line(`./tool.mjs ${name}`);
        await session.ready();
        process.kill(sign * session.job().pid, number);
        await session.prompt();
        await session.command('echo status=$?');
      }
    },
  });

  compare({
    name: `signals that do nothing by themselves, sent to ${whom}`,
    shells: ['bash'],
    script: `process.stdin.once('data', () => process.exit(4)); ${STAYS}`,
    async play(session) {
      session.line('./tool.mjs');
      await session.ready();
      for (const name of HARMLESS) process.kill(sign * session.job().pid, name);
      session.line('end');
      await session.prompt();
      await session.command('echo status=$?');
    },
  });

  compare({
    name: `signals that a script handles, sent to ${whom}`,
    shells: ['bash'],
    script: `for (const name of ${JSON.stringify(HANDLED)}) process.on(name, () => console.log(name + ' handled'));
      process.stdin.once('data', () => process.exit(4)); ${STAYS}`,
    async play(session) {
      session.line('./tool.mjs');
      await session.ready();
      for (const name of HANDLED) {
        process.kill(sign * session.job().pid, name);
        await session.terminal.expect(`${name} handled\r\n`);
      }
      session.line('end');
      await session.prompt();
      await session.command('echo status=$?');
    },
  });

  compare({
    name: `signals that stop a script, sent to ${whom}`,
    shells: ['bash'],
    async play(session) {
      for (const name of ['SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGSTOP'] as const) {
        session.line('./tool.mjs');
        const pid = await session.ready();
        process.kill(sign * session.job().pid, name);
        await session.prompt();
        await session.state(pid, 'T');
        await session.command('jobs');
        session.line('fg');
        await session.state(pid, 'S');
        await endByKey(session);
      }
    },
  });
}

compare({
  name: 'a signal that the caller ignores reaches the script',
  shells: ['bash'],
  before: ["trap '' HUP"],
  async play(session) {
    session.line('./tool.mjs');
    await session.ready();
    process.kill(session.job().pid, 'SIGHUP');
    await session.prompt();
    await session.command('echo status=$?');
  },
});

async function endByKey({ terminal, prompt, command }: Session): Promise<void> {
  terminal.type('\x03');
  await prompt();
  await command('echo status=$?');
}
