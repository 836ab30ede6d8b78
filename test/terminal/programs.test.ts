/**
 * What a script starts at a terminal. Most programs work as ever, on the streams they inherit; what asks for the controlling terminal
 * finds none. docs/differences.md says which.
 */
import { test } from '../helpers/index.js';
import { compare, play, type Session, writeTwins } from './twins.js';

/** Runs its argument in a shell of its own, with its own streams. */
const RUNS = `const { spawnSync } = await import('node:child_process');
  console.log('ready ' + process.pid);
  const { status } = spawnSync('sh', ['-c', process.argv[2]], { stdio: 'inherit' });
  console.log('ended with ' + status);`;

for (const [name, command, act] of [
  ['the name of the terminal', 'tty', async () => {}],
  ['size and modes', 'stty size; stty -echo; stty -a | grep -o -e -echo; stty echo', async () => {}],
  ['a line of input', 'read line; echo "read $line"', typeLine],
  ['less', 'seq 500 | less', leafThrough],
  ['vim', 'vim -u NONE -c "set t_RV= t_u7= t_RB= t_RF= t_RS= t_SH= noshowcmd" ../text', editText],
] as const)
  compare({
    name: `a script starts what uses its own streams: ${name}`,
    script: RUNS,
    ...(/^(less|vim)$/.test(name) ? { needs: `/usr/bin/${name}` } : {}),
    shells: ['bash'],
    ways: ['plain', 'warm'],
    async play(session) {
      session.place.write('text', 'one\ntwo\n');
      const before = await session.terminal.modes();
      session.line(`./tool.mjs '${command}'`);
      await session.ready();
      await act(session);
      await session.prompt();
      session.note(`${(await session.terminal.modes()) === before} ${session.place.read('text')}`);
    },
  });

async function typeLine({ line }: Session): Promise<void> {
  line('word');
}

async function leafThrough({ terminal }: Session): Promise<void> {
  await terminal.expect(/23\r\n/);
  terminal.type('G');
  await terminal.expect(/500\r\n/);
  terminal.type('q');
}

async function editText({ terminal }: Session): Promise<void> {
  await terminal.expect(/two/);
  terminal.type('dd:wq\r');
}

const NO_TERMINAL = 'No such device or address';

for (const [command, plain, warm] of [
  ['tty </dev/tty', '/dev/tty\nended with 0', `sh: 1: cannot open /dev/tty: ${NO_TERMINAL}\nended with 2`],
  ['echo text >/dev/tty', 'text\nended with 0', `sh: 1: cannot create /dev/tty: ${NO_TERMINAL}\nended with 2`],
  ['cut -d " " -f 7 /proc/self/stat | grep -c -x 0', '0\nended with 1', '1\nended with 0'],
  [
    'bash --norc -ic true 2>&1 | sed "s/([0-9]*)/(N)/"',
    'ended with 0',
    'bash: cannot set terminal process group (N): Inappropriate ioctl for device\nbash: no job control in this shell\nended with 0',
  ],
] as const)
  test(`what is different, exactly: ${command}`, async (t, place) => {
    writeTwins(place, { script: RUNS });
    for (const [way, expected] of [
      ['plain', plain],
      ['first', warm],
      ['warm', warm],
    ] as const) {
      const shown = await play(place, 'bash', {}, way, async (session) => {
        session.line(`./tool.mjs '${command}'`);
        await session.terminal.expect(/ready \d+/);
        await session.prompt();
      });
      t.equal(/ready PID\n([\s\S]*?)\n~~> /.exec(shown)?.[1], expected, way);
    }
  });
