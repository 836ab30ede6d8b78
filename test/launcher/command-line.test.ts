import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths, test } from '../helpers/index.js';
import { initialisations, type Told, told } from './tell.js';

/** SCRIPT stands for the script's path. The second column is what a plain run gets between node and the script, the third what
 * follows the script. */
const forms: [words: string[], forNode: string[], args: string[]][] = [
  [['-U', 'node', 'SCRIPT'], [], []],
  [['-U', 'node', 'SCRIPT', 'a', '', 'b c', 'd,e', '-f', '--kill', '--', '-U', 'é\n\t'], [], []],
  [['-U node', 'SCRIPT', 'a', '-b c', 'd,e'], [], []],
  [['-U,node', 'SCRIPT', 'a', '-b c', 'd,e'], [], []],
  [['-U  node', 'SCRIPT', 'a'], [], []],
  [['-U node ', 'SCRIPT', 'a'], [], []],
  [['-U -G one -E HOME node', 'SCRIPT', 'a'], [], []],
  [['-U,-G,one,-E,HOME,node', 'SCRIPT', 'a'], [], []],
  [['-U', '-G', 'one', '-E', 'HOME', 'node', 'SCRIPT', 'a'], [], []],
  [['-UGone', '-EHOME', 'node', 'SCRIPT', 'a'], [], []],
  [['-UG', 'one two', 'node', 'SCRIPT', 'a'], [], []],
  [['-U', '--', 'node', 'SCRIPT', 'a'], [], []],
  [['-U -- node', 'SCRIPT', 'a'], [], []],
  [['-Uf', 'node', 'SCRIPT', 'a'], [], []],
  [['-g', 'my.own_IDENT-1', '-U', 'node', 'SCRIPT', 'a'], [], []],
  [['-U', 'node', '--no-warnings', '--stack-size=900', 'SCRIPT', '-x'], ['--no-warnings', '--stack-size=900'], []],
  [['-U', 'node', '--', 'SCRIPT', '-x'], ['--'], []],
  [['-U node --no-warnings --stack-size=900', 'SCRIPT', '-x'], ['--no-warnings', '--stack-size=900'], []],
  [['-U,node,--no-warnings,--stack-size=900', 'SCRIPT', '-x'], ['--no-warnings', '--stack-size=900'], []],
  [['-U node --title=a,b', 'SCRIPT', '-x'], ['--title=a,b'], []],
  [['-U node --conditions one', 'SCRIPT', '-x'], ['--conditions', 'one'], []],
];

test('every form of the command line gives the script what a plain run gives it', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  for (const [words, forNode] of forms) {
    const args = words.slice(words.indexOf('SCRIPT') + 1);
    const plain = told(await place.startProgram('node', [...forNode, script, ...args]).ended);
    t.equal(plain.served, false);
    for (const turn of ['cold', 'warm']) {
      const name = `${words.join(' | ')}, ${turn}`;
      const result = await place.call(words.map((word) => (word === 'SCRIPT' ? script : word)));
      t.equal(result.stderr, '', name);
      const { served, argv, argv0, execArgv, cwd } = told(result);
      t.equal(served, true, name);
      t.strictSame({ argv, argv0, execArgv, cwd }, pick(plain), name);
    }
  }
});

function pick({ argv, argv0, execArgv, cwd }: Told): Partial<Told> {
  return { argv, argv0, execArgv, cwd };
}

test('a script names the launcher in its first line', async (t, place) => {
  const body = readFileSync(join(paths.fixtures, 'tells-its-call.mjs'));
  for (const [name, interpreter] of [
    ['spaces', `${paths.launcher} -U node --no-warnings`],
    ['commas', `${paths.launcher} -U,node,--no-warnings`],
    ['env', `/usr/bin/env -S ${paths.launcher} -U node --no-warnings`],
  ]) {
    const script = place.write(`${name}.mjs`, `#!${interpreter}\n${body}`, 0o755);
    for (const turn of ['cold', 'warm']) {
      const { served, argv, execArgv } = told(await place.startProgram(script, ['a b', '-c']).ended);
      t.strictSame(
        [served, argv.slice(1), execArgv],
        [true, [script, 'a b', '-c'], ['--no-warnings']],
        `${name}, ${turn}`,
      );
    }
  }
});

const mistakes: [words: string[], message: RegExp][] = [
  [[], /a way to mediate is required: -U/],
  [[''], /a way to mediate is required/],
  [['node', 'SCRIPT'], /a way to mediate is required/],
  [['-f', 'node', 'SCRIPT'], /a way to mediate is required/],
  [['--kill', 'node', 'SCRIPT'], /a way to mediate is required/],
  [['-U'], /no interpreter given/],
  [['-U', '--'], /no interpreter given/],
  [['-x', '-U', 'node', 'SCRIPT'], /unknown option -x/],
  [['-Ux', 'node', 'SCRIPT'], /unknown option -x/],
  [['-U', '--fresh', 'node', 'SCRIPT'], /unknown option --fresh/],
  [['-U', '-E'], /-E needs a value/],
  [['-U', '-G'], /-G needs a value/],
  [['-U', '-g'], /-g needs a value/],
  [['-U', '-g', '../x', 'node', 'SCRIPT'], /ident of -g must consist of/],
  [['-U', '-g', '', 'node', 'SCRIPT'], /ident of -g must consist of/],
  [['-U node'], /no script after node/],
  [['-U,node'], /no script after node/],
  [['-U', '--kill', 'node'], /--kill needs the script/],
  [['-U', 'node', '-r', './x.cjs', 'SCRIPT'], /the value of -r must be in the same word/],
  [['-U', 'node', '--import', './x.mjs', 'SCRIPT'], /the value of --import must be in the same word/],
  [['-U', 'no-such-interpreter', 'SCRIPT'], /cannot run the interpreter, no-such-interpreter: No such file/],
  [['-U', './absent/node', 'SCRIPT'], /cannot run the interpreter, .\/absent\/node: No such file/],
  [['-U', './folder', 'SCRIPT'], /cannot run the interpreter, .\/folder: Permission denied/],
  [['-U', './not-executable', 'SCRIPT'], /cannot run the interpreter, .\/not-executable: Permission denied/],
];

test('a mistake on the command line is one line and status 127, and nothing runs', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  mkdirSync(join(place.work, 'folder'));
  place.write('not-executable', '#!/bin/sh\n');
  for (const [words, message] of mistakes) {
    const name = words.join(' | ');
    const result = await place.call(words.map((word) => (word === 'SCRIPT' ? script : word)));
    t.equal(result.code, 127, name);
    t.equal(result.stdout, '', name);
    t.match(result.stderr, /^prefork-interp: [^\n]+\n$/, name);
    t.match(result.stderr, message, name);
  }
  t.equal(initialisations(place), 0);
  t.strictSame(place.sockets(), []);
});

test('an interpreter that the kernel cannot execute is one line and status 127', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  chmodSync(place.write('node', '#!/no/such/program\n'), 0o755);
  for (const option of ['-U', '-Uf']) {
    const result = await place.call([option, './node', script]);
    t.equal(result.code, 127);
    t.equal(result.stdout, '');
    t.match(result.stderr.split('\n').at(-2), /^prefork-interp: cannot run the interpreter, \.\/node: No such file/);
  }
  t.strictSame(place.sockets(), []);
});

test('help and version go to stdout, need no other option, and say when they cannot be written', async (t, place) => {
  const { version } = JSON.parse(readFileSync(join(paths.packageRoot, 'package.json'), 'utf8')) as { version: string };
  for (const words of [['--help'], ['-U', '--help', 'node'], ['-U --help'], ['-U,--help,node', 'x']]) {
    const result = await place.call(words);
    t.match(result, { code: 0, stderr: '' }, words.join(' | '));
    for (const option of ['-U', '-f', '--kill', '-E VAR', '-G STRING', '-g IDENT', '--help', '--version']) {
      t.ok(result.stdout.includes(`\n  ${option} `), `${option} is explained`);
    }
  }
  t.match(await place.call(['--version']), { code: 0, stdout: `prefork-interp ${version}\n`, stderr: '' });
  const full = await place.startProgram('/bin/sh', ['-c', 'exec "$0" --help >/dev/full', paths.launcher]).ended;
  t.equal(full.code, 127);
  t.notOk(existsSync(place.runDirectory), 'nothing is made for it');
});

test('--explain takes the number of a descriptor that can be written to, and nothing else', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  for (const number of ['x', '', '-1', '+1', ' 1', '1x', '0x1', '1.5', '99999999999', '77']) {
    const { code, stdout, stderr } = await place.call([`--explain=${number}`, '-U', 'node', script]);
    t.strictSame([code, stdout], [127, ''], number);
    t.match(
      stderr,
      /^prefork-interp: (--explain needs the number of a descriptor, not|cannot write to descriptor 77:) [^\n]*\n$/,
    );
  }
  t.match(await place.call(['--explain=2', '-U', 'node', script]), { code: 0, stdout: '', stderr: /^[0-9a-f]{33,}\n/ });
});

/** Of a variable whose value makes no sense a call runs as if it were not set. */
test('numbers in variables', async (t, place) => {
  const script = place.fixture('print-arguments.mjs');
  for (const name of ['PREFORK_INTERP_WAIT', 'PREFORK_INTERP_SETUP_WAIT', 'PREFORK_INTERP_SERVERS'])
    for (const value of ['0', '-1', '99999999999999999999', '1e3', ' 5', '5 ', 'x', ''])
      t.match(await place.script(script, [], { env: { [name]: value } }), { code: 0, stderr: '' }, `${name}=${value}`);
});
