/** Whether a descriptor is a terminal: initialisation hears of its own caller's, and what it heard decides who shares it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, test } from '../helpers/index.js';

interface Told {
  readonly served: boolean;
  readonly seen: unknown;
  readonly pid: number;
}

/** How a shell at a terminal runs the script, and which of 0 to 2 are terminals then. */
const arrangements: [redirection: string, terminals: [boolean, boolean, boolean]][] = [
  ['', [true, true, true]],
  ['| cat >/dev/null', [true, false, true]],
  ['2>/dev/null', [true, true, false]],
  ['>/dev/null 2>&1', [true, false, false]],
  ['</dev/null', [false, true, true]],
  ['</dev/null | cat >/dev/null', [false, false, true]],
  ['</dev/null >/dev/null 2>&1', [false, false, false]],
];

let calls = 0;

const asks: [name: string, code: string, of: (terminals: [boolean, boolean, boolean]) => unknown][] = [
  ['isatty', "[0, 1, 2].map((fd) => require('node:tty').isatty(fd))", (terminals) => terminals],
  [
    'the streams',
    '[process.stdin.isTTY ?? false, process.stdout.isTTY ?? false, process.stderr.isTTY ?? false]',
    (terminals) => terminals,
  ],
  ['stdout alone', "require('node:tty').isatty(1)", ([, stdout]) => stdout],
];

for (const [name, code, of] of asks) {
  test(`terminals, asked through ${name}: each call gets the answers of its own`, async (t, place) => {
    const script = place.write('script.cjs', body(code));
    const first = new Map<string, Told>();
    for (const turn of ['first', 'again']) {
      for (const [redirection, terminals] of arrangements) {
        const told = await atTerminal(place, script, redirection);
        const wanted = JSON.stringify(of(terminals));
        t.strictSame([told.served, JSON.stringify(told.seen)], [true, wanted], `${turn}: tool ${redirection}`);
        const before = first.get(wanted);
        if (before) t.equal(told.pid, before.pid, `${turn}: tool ${redirection}: by the same server`);
        else first.set(wanted, told);
      }
    }
    t.equal(place.servers().length, first.size, 'a server for each');
    for (const { pid } of place.servers()) t.strictSame(openTerminals(pid), [], 'which has no terminal open');
  });
}

test('who does not ask shares a server, at a terminal or not', async (t, place) => {
  const script = place.write('script.cjs', body("'x'"));
  const pids = new Set<number>();
  for (const [redirection] of arrangements) pids.add((await atTerminal(place, script, redirection)).pid);
  t.equal(pids.size, 1);
});

function body(code: string): string {
  return `const { initialisationComplete } = require('prefork-interp');
    const seen = ${code};
    const { pid } = process;
    const served = initialisationComplete();
    require('node:fs').writeFileSync(process.argv[2], JSON.stringify({ served, seen, pid }));`;
}

/** Runs the script in a shell at a terminal of its own. */
async function atTerminal(place: Place, script: string, redirection: string): Promise<Told> {
  const answer = join(place.root, `answer-${calls++}`);
  const command = `${paths.launcher} -U node ${script} ${answer} ${redirection}`;
  const { code, stdout } = await place.startProgram('script', ['-qec', command, '/dev/null'], {
    env: { SHELL: '/bin/sh' },
  }).ended;
  try {
    return JSON.parse(readFileSync(answer, 'utf8')) as Told;
  } catch (error) {
    throw new Error(`${command}: ${code}, ${stdout}, ${error}`);
  }
}

function openTerminals(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`)
    .map((name) => readlinkSync(`/proc/${pid}/fd/${name}`))
    .filter((target) => /^\/dev\/(pts|tty)/.test(target));
}
