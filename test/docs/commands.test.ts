import { copyFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, test } from '../helpers/index.js';
import { type Page, readPages } from './commands.js';

/** Commands that are not run here, each with its reason. */
const NOT_RUN: readonly (readonly [command: RegExp, why: string])[] = [
  [/\[|\b(DIR|SCRIPT|SHELL|PRIVATE|FILE)\b/, 'a form, with names to be put in'],
  [/^npm ci && npm run demo$/, 'run by CI (it installs, builds and takes a minute)'],
  [/^npm ci && npm test$/, 'it would run this test'],
  [/^npm run bench\b/, 'CI runs its short form (it takes a minute)'],
  [/^npm ci && npm run build:deb\b/, 'run by test/install/debian.test.ts'],
  [/^sudo apt install /, 'it changes the machine; test/install/debian.test.ts unpacks and runs the package'],
  [/^(npm|pnpm) install /, 'run by test/install/npm.test.ts, with the tarball instead of the registry'],
  [
    /^npx -p prefork-interp prefork install\b/,
    'it asks the registry; test/install/launcher.test.ts runs prefork install',
  ],
];

const pages = readPages();
const commands = pages.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'command' ? [step.command] : [])));

for (const page of pages) {
  test(`${page.name}: its commands do what it says`, async (t, place) => {
    prepare(place);
    for (const step of page.steps) {
      if (step.kind === 'file') {
        place.write(step.name, step.content);
        continue;
      }
      const { command, output } = step;
      const why = NOT_RUN.find(([pattern]) => pattern.test(command))?.[1];
      if (why !== undefined) {
        process.stderr.write(`${page.name}: not run: ${command}: ${why}\n`);
        continue;
      }
      const result = await place.startProgram('/bin/sh', ['-c', output ? `{ ${command}\n} 2>&1` : command]).ended;
      t.equal(result.code, 0, command, { stdout: result.stdout, stderr: result.stderr });
      if (!command.includes('PREFORK_INTERP_DISABLE'))
        t.notMatch(result.stderr, /plainly|unforked/, `${command}: its script is forked`);
      if (output) t.strictSame(shape(place, result.stdout), shape(place, output.join('\n')), `${command}: its output`);
    }
  });
}

test('every exception names a command of the documents', async (t) => {
  t.ok(commands.length > 30, 'commands are found');
  for (const [pattern] of NOT_RUN)
    t.ok(
      commands.some((command) => pattern.test(command)),
      String(pattern),
    );
  t.ok(hasFiles(pages), 'files to save are found');
});

function hasFiles(all: readonly Page[]): boolean {
  return ['docs/guide.md', 'docs/man/prefork-interp.1'].every((name) =>
    all.some((page) => page.name === name && page.steps.some(({ kind }) => kind === 'file')),
  );
}

/** What somebody has who reads the documents: both commands in PATH, a name for git, and the smallest example. */
function prepare(place: Place): void {
  for (const name of ['prefork-interp', 'prefork'])
    symlinkSync(join(paths.packageRoot, 'bin', name), join(place.root, 'bin', name));
  copyFileSync(join(paths.packageRoot, 'examples', 'hello.mjs'), join(place.work, 'hello.mjs'));
  Object.assign(place.env, {
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
    GIT_CONFIG_NOSYSTEM: '1',
  });
}

/** The lines without what differs from run to run: numbers, times, versions, idents, and where the work folder lies. */
function shape(place: Place, output: string): string[] {
  const lines = output.trimEnd().split('\n');
  return lines.map((line) =>
    line
      .replaceAll(place.work, '/home/me/work')
      .replace(/\b[0-9a-f]{12,}\b/g, 'IDENT')
      .replace(/(?<!status |[0-9.])[0-9][0-9.:TZ-]*/g, 'N')
      .replace(/ {2,}/g, ' ')
      .trim(),
  );
}
