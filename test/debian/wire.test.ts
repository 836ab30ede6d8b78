/** Version 1 to the byte: what each launcher sends, and what each library answers. */
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { listeningSocketOf, type Place, paths, waitFor } from '../helpers/index.js';
import { chiarkTest, interpreterOf, type Whose } from './chiark.js';

const GREETING = `${hex('PFI\n')}00000000`;

for (const launcher of ['theirs', 'ours'] as const) {
  chiarkTest(`the request of version 1, ${launcher}`, async (t, chiark) => {
    const { place } = chiark;
    place.fixture('captures-request.mjs');
    // Our launcher speaks its extension to interpreters whose name begins with node.
    symlinkSync(paths.nodeUnderTest, join(place.root, 'bin', 'capture'));
    const words = ['-U', 'capture', 'captures-request.mjs'];
    const result = await chiark.startWith(launcher, words, ['one', '', 'two words'], { env: { LANG: '' } }).ended;
    t.match(result, { code: 7, stdout: '', stderr: '' });
    const body =
      strings(...Object.entries({ ...place.env, LANG: '' }).map(([name, value]) => `${name}=${value}`)) +
      strings('') +
      strings('capture', 'captures-request.mjs', 'one', '', 'two words');
    const request = readFileSync(join(place.work, 'request')).toString('hex');
    t.equal(request, `00000000${number(body.length / 2)}${body}`);
    t.match(place.read('variable'), /^v1,\d+\.\d{9} \d+,\d+,\d+,\d+$/);
    t.equal(place.read('sockets'), 'true true');
  });
}

const servers: readonly { readonly whose: string; readonly launcher: Whose; readonly fixture: string }[] = [
  { whose: 'ours under their launcher', launcher: 'theirs', fixture: 'as-told.mjs' },
  { whose: 'theirs under our launcher', launcher: 'ours', fixture: 'as-told.pl' },
  { whose: 'theirs under their launcher', launcher: 'theirs', fixture: 'as-told.pl' },
];

for (const { whose, launcher, fixture } of servers) {
  chiarkTest(`greeting and status of version 1, ${whose}`, async (t, chiark) => {
    const { place } = chiark;
    const client = compileClient(place);
    const script = place.fixture(fixture);
    const started = await chiark.call(launcher, script, ['version']);
    t.match(started, { code: 0, stdout: '1\n' });
    const socket = await waitFor('the path of the socket', () => socketOf(place));
    for (const [deed, argument, status] of [
      ['exit', '7', '00000700'],
      ['exit', '0', '00000000'],
      ['exit', '255', '0000ff00'],
      ['kill', '9', '00000009'],
      ['kill', '15', '0000000f'],
    ] as const) {
      const body = strings('PATH=/bin', '') + strings(interpreterOf(fixture), script, deed, argument);
      const request = `${number(body.length / 2)}${body}`;
      const { code, stdout, stderr } = await place.startProgram(client, [socket, request]).ended;
      t.same({ code, stdout, stderr }, { code: 0, stdout: `${GREETING} ${status}`, stderr: '' }, `${deed} ${argument}`);
    }
    const body = strings('PATH=/bin', '') + strings(interpreterOf(fixture), script, 'tell', 'ä');
    const { stdout } = await place.startProgram(client, [socket, `${number(body.length / 2)}${body}`]).ended;
    t.equal(stdout, `${GREETING} directory ${place.work}\nargument c3a4\nvariable PATH 2f62696e\n00000000`);
    t.equal(chiark.initialisations(), 1);
  });
}

/** The path of the one listening socket that a process of the place has. */
function socketOf(place: Place): string | undefined {
  for (const { pid } of place.processes()) {
    const path = listeningSocketOf(pid);
    if (path !== undefined) return path;
  }
  return undefined;
}

function compileClient(place: Place): string {
  const program = join(place.root, 'client-v1');
  const source = join(paths.packageRoot, 'test', 'debian', 'client-v1.c');
  execFileSync('cc', ['-std=gnu17', '-Wall', '-Wextra', '-Werror', '-o', program, source]);
  return program;
}

/** Each ended by a NUL. */
function strings(...texts: string[]): string {
  return texts.map((text) => hex(`${text}\0`)).join('');
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

function number(value: number): string {
  return value.toString(16).padStart(8, '0');
}
