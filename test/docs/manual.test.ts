import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths, test } from '../helpers/index.js';

const file = join(paths.packageRoot, 'docs', 'man', 'prefork-interp.1');
const page = readFileSync(file, 'utf8').replaceAll('\\-', '-');
const manifest = JSON.parse(readFileSync(join(paths.packageRoot, 'package.json'), 'utf8'));

test('the manual page has the options, variables and version of the launcher', async (t, place) => {
  const { stdout: help } = await place.call(['--help']);
  const options = [...help.matchAll(/^ {2}(-{1,2}\w+)/gm)].map(([, option]) => option);
  const variables = new Set([...help.matchAll(/\b(PREFORK_INTERP_\w+)/g)].map(([, variable]) => variable));
  t.strictSame(
    [...page.matchAll(/^\.TP\n\.B[IR]? (-{1,2}\w+)/gm)].map(([, option]) => option),
    options,
  );
  t.strictSame(new Set([...page.matchAll(/^\.B (PREFORK_INTERP_\w+)$/gm)].map(([, variable]) => variable)), variables);
  t.ok(options.length === 11 && variables.size === 5);
  t.match(page, `"prefork-interp ${manifest.version}"`);
  t.equal((await place.call(['--version'])).stdout, `prefork-interp ${manifest.version}\n`);
  t.equal(manifest.man, './docs/man/prefork-interp.1', 'npm installs it');
});

for (const [program, args] of [
  ['groff', ['-man', '-ww', '-z', file]],
  ['mandoc', ['-Tlint', file]],
] as const) {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  const skip = (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT' && `${program} is not installed`;
  if (skip) process.stderr.write(`docs/man: not checked: ${skip}\n`);
  test(
    `${program} has no complaint of it`,
    async (t) => {
      t.strictSame([status, stdout, stderr], [0, '', '']);
    },
    { skip },
  );
}
