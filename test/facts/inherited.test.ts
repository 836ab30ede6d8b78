/** What a process inherits from its parent a call has from its caller, and a call with something else has another server. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, test } from '../helpers/index.js';

interface Told {
  readonly forked: boolean;
  readonly server: number;
  readonly facts: unknown;
}

const folder = mkdtempSync('/tmp/pf-inherit-');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const inherit = join(folder, 'inherit');
const source = join(paths.packageRoot, 'test', 'native', 'inherit.c');
execFileSync('cc', ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-o', inherit, source]);

const changes: Record<string, readonly string[]> = {
  'a nice value': ['nice', '-n', '5'],
  'a scheduling policy': ['chrt', '--batch', '0'],
  'an io priority': ['ionice', '-c', '3'],
  'one processor': ['taskset', '-c', '0'],
  'a personality': ['setarch', '-R'],
  'a score for when memory is short': ['choom', '-n', '500', '--'],
  'a slack of timers': [inherit, 'timer-slack'],
  'no huge pages': [inherit, 'no-huge-pages'],
  'a policy for memory': [inherit, 'memory-policy'],
};

for (const [name, before] of Object.entries(changes)) {
  test(
    `${name} is the caller's own`,
    async (t, place) => {
      const script = place.fixture('tells-inherited.mjs');
      const usual = await twice(place, [], script);
      const changed = await twice(place, before, script);
      const [plain, plainUsual] = [await run(place, [...before, 'node', script]), await run(place, ['node', script])];
      t.notSame(plain.facts, plainUsual.facts, 'it can be seen');
      t.strictSame(usual.facts, plainUsual.facts);
      t.strictSame(changed.facts, plain.facts);
      t.not(changed.server, usual.server);
    },
    { skip: whyNot(before) },
  );
}

/** The second call is warm. */
async function twice(place: Place, before: readonly string[], script: string): Promise<Told> {
  const command = [...before, paths.launcher, '-U', 'node', script];
  const [first, second] = [await run(place, command), await run(place, command)];
  if (!second.forked || second.server !== first.server) throw new Error(`not warm: ${JSON.stringify([first, second])}`);
  return second;
}

async function run(place: Place, [program = '', ...args]: readonly string[]): Promise<Told> {
  const { stdout, stderr } = await place.startProgram(program, args).ended;
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Told;
}

function whyNot([program = '', ...args]: readonly string[]): string | false {
  const { error, status, stderr } = spawnSync(program, [...args, 'true'], { encoding: 'utf8' });
  return status === 0 ? false : (error?.message ?? `${program}: ${stderr.trim() || `status ${status}`}`);
}
