/** Their launcher with our library, and our launcher with theirs. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, waitFor } from '../helpers/index.js';
import { chiarkTest, interpreterOf, type Whose } from './chiark.js';

const ways: readonly { readonly way: string; readonly launcher: Whose; readonly fixture: string }[] = [
  { way: 'their launcher, our library', launcher: 'theirs', fixture: 'as-told.mjs' },
  { way: 'our launcher, their library', launcher: 'ours', fixture: 'as-told.pl' },
];

for (const { way, launcher, fixture } of ways) {
  chiarkTest(`${way}: arguments, environment and directory are those of a plain run`, async (t, chiark) => {
    const script = chiark.place.fixture(fixture);
    const interpreter = interpreterOf(fixture);
    const command = `T_BYTES=$(printf 'a\\377\\200b') exec "$@" tell '' 'a b' -x -- --kill 'ünï' "$(printf 'line\\nline')" "$(printf '\\377')"`;
    for (const call of ['cold', 'warm', 'warm again']) {
      const env = call === 'warm' ? { T_EMPTY: '', T_LONG: 'x'.repeat(100_000) } : { T_OTHER: 'a=b' };
      const plain = await chiark.place.startProgram('bash', ['-c', command, 'bash', interpreter, script], { env })
        .ended;
      t.match(plain, { code: 0, stderr: '' });
      const served = await chiark.shell(launcher, script, command.replace('"$@"', '"$0" "$@"'), { env });
      t.match(served, { code: 0, stderr: '' }, call);
      t.equal(served.stdout, plain.stdout, call);
      t.match(served.stdout, call === 'warm' ? 'variable T_EMPTY \n' : 'variable T_OTHER 613d62\n');
    }
    t.equal(chiark.initialisations(), 1 + 3, 'one server, three plain runs');
  });

  chiarkTest(`${way}: standard streams are the caller's and come to their ends`, async (t, chiark) => {
    const script = chiark.place.fixture(fixture);
    const input = Buffer.alloc(100_000, 'äöü\0\n');
    for (const call of ['cold', 'warm']) {
      const copied = await chiark.call(launcher, script, ['copy'], { input });
      t.match(copied, { code: 0, stderr: 'copied\n' }, call);
      t.ok(copied.stdoutBytes.equals(input), `${call}: 100 KB arrive whole`);
    }
    t.match(await chiark.call(launcher, script, ['copy'], { input: '' }), { code: 0, stdout: '', stderr: 'copied\n' });
    await chiark.kill(launcher, script);
    for (const call of ['cold', 'warm']) {
      const substituted = await chiark.shell(
        launcher,
        script,
        'echo "got $("$0" "$@" version) $("$0" "$@" version | cat)"',
      );
      t.match(substituted, { code: 0, stdout: 'got 1 1\n', stderr: '' }, `${call}: end of file at once`);
    }
  });

  chiarkTest(`${way}: the caller ends as the script ends`, async (t, chiark) => {
    const script = chiark.place.fixture(fixture);
    for (const code of [0, 7, 1, 3, 127, 128, 255]) {
      t.match(await chiark.call(launcher, script, ['exit', `${code}`]), { code, signal: null, stderr: '' });
    }
    for (const [number, signal] of [
      [1, 'SIGHUP'],
      [9, 'SIGKILL'],
      [15, 'SIGTERM'],
    ] as const) {
      t.match(await chiark.call(launcher, script, ['kill', `${number}`]), { code: null, signal, stderr: '' }, signal);
    }
    t.equal(chiark.initialisations(), 1);
  });

  chiarkTest(`${way}: --kill ends the server and -f replaces it`, async (t, chiark) => {
    const script = chiark.place.fixture(fixture);
    t.match(await chiark.call(launcher, script, ['version']), { code: 0, stdout: '1\n' });
    t.match(await chiark.kill(launcher, script), { code: 0, stdout: '', stderr: '' });
    await waitFor('server and watcher to go', () => chiark.place.processes().length === 0);
    t.match(await chiark.kill(launcher, script), { code: 0, stdout: '', stderr: '' }, 'there is none');

    t.match(await chiark.call(launcher, script, ['version']), { code: 0, stdout: '1\n' });
    const old = chiark.place.processes();
    const fresh = chiark.startWith(launcher, ['-f', '-U', interpreterOf(script), script], ['version']).ended;
    t.match(await fresh, { code: 0, stdout: '1\n', stderr: '' });
    t.equal(chiark.initialisations(), 3);
    await waitFor('the old server and watcher to go', () =>
      old.every(({ pid, startTime }) => describe(pid)?.startTime !== startTime),
    );
    t.match(await chiark.call(launcher, script, ['version']), { code: 0, stdout: '1\n' });
    t.equal(chiark.initialisations(), 3);
  });

  chiarkTest(`${way}: no call is answered by what was edited before it`, async (t, chiark) => {
    const script = chiark.place.fixture(fixture);
    const source = chiark.place.read(fixture);
    for (let version = 1; version <= 8; version++) {
      const edited = source.replace('version = 1', `version = ${version}`);
      if (version % 2) {
        writeFileSync(script, edited);
      } else {
        writeFileSync(`${script}.new`, edited);
        renameSync(`${script}.new`, script);
      }
      const found = await chiark.call(launcher, script, ['version']);
      t.match(found, { code: 0, stdout: `${version}\n`, stderr: '' });
      t.match(await chiark.call(launcher, script, ['version']), { code: 0, stdout: `${version}\n` });
    }
    t.equal(chiark.initialisations(), 8, 'nothing but an edit starts another');
    chiark.place.write('named.json', '{}');
    t.match(await chiark.call(launcher, script, ['version']), { code: 0, stdout: '8\n' });
    t.equal(chiark.initialisations(), 9, 'a file that the script named has appeared');
  });

  chiarkTest(`${way}: an idle server leaves`, async (t, chiark) => {
    const script = chiark.place.fixture(fixture);
    writeFileSync(script, chiark.place.read(fixture).replace(/(idle\w+\W+)60/, '$11'));
    for (const round of [1, 2]) {
      t.match(await chiark.call(launcher, script, ['version']), { code: 0, stdout: '1\n', stderr: '' });
      t.equal(chiark.initialisations(), round);
      await waitFor('the idle server to leave', () => chiark.place.processes().length === 0);
    }
  });

  chiarkTest(`${way}: several calls run at a time`, async (t, chiark) => {
    const script = chiark.place.fixture(fixture);
    const calls = Array.from({ length: 6 }, () => chiark.call(launcher, script, ['meet', '6']));
    for (const call of calls) t.match(await call, { code: 0, stdout: 'met\n', stderr: '' });
    t.equal(chiark.initialisations(), 1);
  });

  chiarkTest(`${way}: each directory has a server of its own`, async (t, chiark) => {
    const script = chiark.place.fixture(fixture);
    for (const folder of ['one', 'two']) chiark.place.write(`${folder}/file`, '');
    for (const call of ['cold', 'warm']) {
      for (const folder of ['one', 'two']) {
        const cwd = join(chiark.place.work, folder);
        const { stdout } = await chiark.call(launcher, script, ['tell'], { cwd });
        t.match(stdout, new RegExp(`^directory ${cwd}\n`), `${call} in ${folder}`);
      }
    }
    for (const folder of ['one', 'two']) {
      t.equal(chiark.place.read(`${folder}/initialised`).split('\n').length - 1, 1, folder);
    }
  });

  chiarkTest(`${way}: a script whose caller was killed is interrupted`, async (t, chiark) => {
    const script = chiark.place.fixture(fixture);
    for (const call of ['cold', 'warm']) {
      const running = chiark.start(launcher, script, ['wait'], { stdio: ['pipe', 'pipe', 'inherit'] });
      const pid = Number(await waitFor('the script to run', () => /running (\d+)/.exec(running.stdout())?.[1]));
      running.child.kill('SIGKILL');
      await waitFor('the script to end', () => describe(pid) === undefined);
      t.match(await running.ended, { signal: 'SIGKILL' }, call);
    }
    t.match(await chiark.call(launcher, script, ['version']), { code: 0, stdout: '1\n' });
    t.equal(chiark.initialisations(), 1);
  });
}
