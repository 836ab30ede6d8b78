/** The bytes of docs/protocol.md, seen from outside: launcher and server each against an end made by hand. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, type Result, test, waitFor } from '../helpers/index.js';

const HEADER_SIZE = 152;
const TARGET_CWD = 0xffffffff;
const greetingOfVersion1 = Buffer.concat([Buffer.from('PFI\n'), number(0)]);
const greetingOfOurs = Buffer.concat([Buffer.from('PFI\n'), number(6), Buffer.from('node1\0')]);

test('what setup gets: variable and descriptors', async (t, place) => {
  const script = place.write('script', '');
  const tells = `stat -c 'mtime %.9Y' "$XDG_RUNTIME_DIR"/prefork-interp-node/sgolden
    echo "pid $$"; echo "variable $PREFORK_INTERP"; echo "preload $LD_PRELOAD"; echo "words $*"
ls -l /proc/$$/fd; exit 3`;
  for (const [name, first] of [
    ['node-fake', 64],
    ['other', 3],
  ] as const) {
    place.write(`../bin/${name}`, `#!/bin/sh\n${tells}\n`, 0o755);
    const { code, stdout, stderr } = await place.call(['-U', '-g', 'golden', name, '-x', script, 'argument']);
    const told = stderr.replace(/^.* (\d+) -> /gm, '$1 ').split('\n');
    const lines = new Map(told.map((line) => [line.split(' ')[0], line.slice(line.indexOf(' ') + 1)]));
    t.equal(code, 3);
    t.equal(stdout, '');
    const ours = first === 64 ? `,node1:${lines.get('pid')}` : '';
    const numbers = Array.from({ length: first === 64 ? 5 : 4 }, (_, i) => first + i).join();
    t.equal(lines.get('variable'), `v1,${lines.get('mtime')}${ours} ${numbers}`);
    t.match(lines.get('mtime'), /^\d+\.\d{9}$/);
    t.equal(lines.get('preload'), first === 64 ? paths.observer : '');
    t.equal(lines.get('words'), `-x ${script} argument`);
    t.equal(lines.get('0'), '/dev/null');
    t.match(lines.get('1'), /pipe|socket/);
    t.equal(lines.get('1'), lines.get('2'));
    for (const [i, kind] of [/socket/, /socket/, /pipe/, /pipe/].entries()) t.match(lines.get(`${first + i}`), kind);
    if (first === 64) t.match(lines.get('68'), /memfd/);
    for (const fd of first === 64 ? ['3', '4', '63'] : []) t.equal(lines.get(fd), '/dev/null');
    for (const fd of first === 3 ? ['7', '63', '64'] : []) t.notOk(lines.has(fd));
  }
});

test('the extended request, and a frame for a signal', async (t, place) => {
  const peer = await startPeer(place, 'serve', greetingOfOurs, frame('S', 7 << 8), ['frame']);
  const running = place.start(['-U', '-g', 'golden', 'node', 'script.mjs', 'one', '', 'ünï']);
  await waitFor('the request', () => peer.stdout().includes('request '));
  process.kill(running.pid, 'SIGTERM');
  t.match(await running.ended, { code: 7, signal: null, stdout: '', stderr: '' });
  const { stdout } = await peer.ended;
  const strings = [...variables(place), 'one', '', 'ünï'].map((text) => `${text}\0`).join('');
  const targets = Buffer.concat([0, 1, 2, ...inherited(), TARGET_CWD].map(number));
  const body = Buffer.concat([targets, Buffer.from(strings)]);
  const head = header({
    descriptors: 4 + inherited().length,
    body: body.length,
    variables: variables(place).length,
    arguments: 3,
  });
  writeLimits(head, limits(place, 0));
  t.strictSame(linesOf(stdout), [
    `descriptors at 0: ${4 + inherited().length}`,
    `request ${Buffer.concat([head, body]).toString('hex')}`,
    `frame ${Buffer.from([0x73, 0, 0, 0, 0, 0, 0, 15]).toString('hex')}`,
  ]);
});

/** What was not sent whole has not run: others are asked, or a server is started. */
test('executors that have gone when the request comes', async (t, place) => {
  writeFileSync(join(place.work, 'script.mjs'), script);
  const call = ['-U', '-g', 'golden', 'node', 'script.mjs'];
  const gone = await startPeer(place, 'leave', greetingOfOurs, '1');
  t.match(await place.call(call), { code: 42, stderr: '' });
  gone.child.kill();
  t.strictSame(linesOf((await gone.ended).stdout), ['left']);
  t.equal(place.servers().length, 1);
  await place.call(['--kill', ...call]);
  const stubborn = await startPeer(place, 'leave', greetingOfOurs, '3');
  const { code, stderr } = await place.call(call);
  stubborn.child.kill();
  t.equal(code, 99, 'it has run plainly');
  t.match(stderr, /^prefork-interp: running script\.mjs plainly: it could not be handed over: Broken pipe\n$/);
  t.strictSame(linesOf((await stubborn.ended).stdout), ['left', 'left', 'left']);
});

test('the request of version 1, to a server that does not name the extension', async (t, place) => {
  place.write('../bin/other', '#!/bin/sh\nexit 99\n', 0o755);
  for (const interpreter of ['other', 'node']) {
    const peer = await startPeer(place, 'serve', greetingOfVersion1, number(5 << 8));
    const result = await place.call(['-U', '-g', 'golden', interpreter, 'script.pl', 'one', '', 'two']);
    t.match(result, { code: 5, signal: null, stdout: '', stderr: '' });
    const strings = [...variables(place), '', interpreter, 'script.pl', 'one', '', 'two'].map((text) => `${text}\0`);
    const body = Buffer.from(strings.join(''));
    const request = Buffer.concat([Buffer.from([0, 0, 0, 0]), number(body.length), body]);
    const descriptors = [1, 2, 3].map((at) => `descriptors at ${at}: 1`);
    t.strictSame(linesOf((await peer.ended).stdout), [...descriptors, `request ${request.toString('hex')}`]);
  }
});

test('the first call that cannot be forked: greeting with the reason, and no frame after it', async (t, place) => {
  const words = Buffer.from('node1\0unforked the moon is full\0');
  const greeting = Buffer.concat([Buffer.from('PFI\n'), number(words.length), words]);
  copyFileSync(peerProgram(place), join(place.root, 'bin', 'node-peer'));
  const { code, stderr } = await place.call(['-U', '-g', 'golden', 'node-peer', place.write('script.mjs', '')], {
    env: { GREETING: greeting.toString('hex') },
  });
  t.equal(code, 9);
  const lines = stderr.trim().split('\n');
  t.match(lines.join('\n'), /prefork-interp: running .*script\.mjs unforked: the moon is full/);
  const count = 4 + inherited().length;
  t.ok(lines.includes(`descriptors at 0: ${count}`));
  t.ok(lines.some((line) => line.startsWith(`request 0100000${count}`)));
});

const script = `import { initialisationComplete } from 'prefork-interp';
if (!initialisationComplete()) process.exit(99);
process.stdout.write(JSON.stringify([process.argv.slice(2), process.env.X, process.cwd(), process.umask()]) + '\\n');
process.exitCode = 42;
`;

test('a warm server: greeting, a request made by hand, status', async (t, place) => {
  const socket = await startServer(place);
  const request = makeRequest(place, ['X=by hand'], ['a', '']);
  const { code, stdout, stderr } = await callPeer(place, socket, request);
  t.equal(code, 0);
  t.equal(stderr, '');
  const [greeting, told, reply] = stdout.trim().split('\n');
  t.equal(greeting, `greeting ${greetingOfOurs.toString('hex')}`);
  t.equal(told, JSON.stringify([['a', ''], 'by hand', place.work, 0o27]));
  // The executor tells it, and the monitor once more.
  t.match(reply, new RegExp(`^reply (${frame('S', 42 << 8).toString('hex')}){1,2}$`));
});

test('truncated, oversized and senseless requests run nothing, and the server stays well', async (t, place) => {
  const socket = await startServer(place);
  const [server] = place.servers();
  const good = makeRequest(place, [], []);
  const change = (edit: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(good);
    edit(bytes);
    return bytes;
  };
  const bad: readonly [name: string, request: Buffer, descriptors: number][] = [
    ['nothing', Buffer.alloc(0), 0],
    ['one byte', good.subarray(0, 1), 0],
    ['half a header', good.subarray(0, 80), 0],
    ['a header alone, without descriptors', good.subarray(0, HEADER_SIZE), 0],
    ['no descriptors', good, 0],
    ['fewer descriptors than said', good, 3],
    ['more descriptors than said', change((bytes) => bytes.writeUInt16BE(3, 2)), 4],
    ['an unknown version', change((bytes) => bytes.writeUInt8(9, 0)), 4],
    ['version 1 to a server of ours', change((bytes) => bytes.writeUInt8(0, 0)), 4],
    ['a body too large', change((bytes) => bytes.writeUInt32BE((16 << 20) + 1, 4)), 4],
    ['a body of all ones', change((bytes) => bytes.writeUInt32BE(0xffffffff, 4)), 4],
    ['a body smaller than its targets', change((bytes) => bytes.writeUInt32BE(15, 4)), 4],
    ['more variables than strings', change((bytes) => bytes.writeUInt32BE(1000, 8)), 4],
    ['more arguments than strings', change((bytes) => bytes.writeUInt32BE(0xffffffff, 12)), 4],
    ['a string without an end', withBody(good, Buffer.from('X=1'), 1), 4],
  ];
  for (const [name, request, descriptors] of bad) {
    const { stdout, stderr } = await callPeer(place, socket, request, descriptors);
    t.equal(stdout, `greeting ${greetingOfOurs.toString('hex')}\nreply \n`, name);
    t.equal(stderr, '', name);
  }
  const { stdout, code } = await callPeer(place, socket, good);
  t.equal(code, 0);
  t.match(stdout, `reply ${frame('S', 42 << 8).toString('hex')}`);
  t.equal(place.servers()[0]?.pid, server?.pid);
});

test('clients that say nothing keep nobody waiting', async (t, place) => {
  const socket = await startServer(place);
  const [server] = place.servers();
  // With a descriptor the peer leaves its side open, and waits for a reply.
  const silent = Array.from({ length: 6 }, () => runPeer(place, ['call', socket, '', '1']));
  for (const { stdout } of silent) await waitFor('a greeting', () => stdout().includes('greeting'));
  const { stdout } = await callPeer(place, socket, makeRequest(place, [], []));
  t.match(stdout, `reply ${frame('S', 42 << 8).toString('hex')}`);
  for (const { ended } of silent) t.equal((await ended).stdout, `greeting ${greetingOfOurs.toString('hex')}\nreply \n`);
  t.equal(place.servers()[0]?.pid, server?.pid);
});

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function frame(kind: string, value: number): Buffer {
  return Buffer.concat([Buffer.from(kind), Buffer.alloc(3), number(value)]);
}

interface Header {
  readonly descriptors: number;
  readonly body: number;
  readonly variables: number;
  readonly arguments: number;
  readonly umask?: number;
}

function header(fields: Header): Buffer {
  const bytes = Buffer.alloc(HEADER_SIZE);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt16BE(fields.descriptors, 2);
  bytes.writeUInt32BE(fields.body, 4);
  bytes.writeUInt32BE(fields.variables, 8);
  bytes.writeUInt32BE(fields.arguments, 12);
  bytes.writeUInt32BE(fields.umask ?? process.umask(), 16);
  return bytes;
}

/** With no soft limits but the highest there are, and a umask of its own. */
function makeRequest(place: Place, environment: readonly string[], args: readonly string[]): Buffer {
  const targets = Buffer.concat([number(0), number(1), number(2), number(TARGET_CWD)]);
  const body = Buffer.concat([targets, Buffer.from([...environment, ...args].map((text) => `${text}\0`).join(''))]);
  const fields = { descriptors: 4, body: body.length, variables: environment.length, arguments: args.length };
  const head = header({ ...fields, umask: 0o27 });
  writeLimits(head, limits(place, 1));
  return Buffer.concat([head, body]);
}

function withBody(request: Buffer, more: Buffer, variables: number): Buffer {
  const bytes = Buffer.concat([request, more]);
  bytes.writeUInt32BE(bytes.length - HEADER_SIZE, 4);
  bytes.writeUInt32BE(variables, 8);
  return bytes;
}

/** What env(1) makes of a place's environment. */
function variables(place: Place): string[] {
  return Object.entries(place.env).map(([name, value]) => `${name}=${value}`);
}

function writeLimits(head: Buffer, values: readonly bigint[]): void {
  for (const [i, value] of values.entries()) head.writeBigUInt64BE(value, 24 + 8 * i);
}

/** Soft (0) or hard (1) limits of a call, in the order of their numbers, in which the kernel lists them. */
function limits(place: Place, column: 0 | 1): bigint[] {
  const rows = outputOf(['env', '-i', ...variables(place), 'cat', '/proc/self/limits']).slice(1);
  return rows.map((row) => {
    const value = row.slice(26).trim().split(/\s+/)[column] ?? '';
    return value === 'unlimited' ? 0xffffffffffffffffn : BigInt(value);
  });
}

/** What this process hands to every program that it starts, beside 0 to 2: whoever runs the tests has left it open. */
function inherited(): number[] {
  const lines = outputOf(['ls', '-l', '/proc/self/fd']).map((line) => / (\d+) -> (.*)/.exec(line));
  const numbers = lines
    .filter((match) => match && !/^\/proc\/\d+\/fd$/.test(match[2] ?? ''))
    .map((match) => Number(match?.[1]));
  return numbers.filter((fd) => fd > 2).sort((a, b) => a - b);
}

function outputOf([program = '', ...args]: string[]): string[] {
  return execFileSync(program, args, { encoding: 'utf8' }).trim().split('\n');
}

/** The lines but the first, which says that the peer listens. */
function linesOf(output: string): string[] {
  return output.trim().split('\n').slice(1);
}

function peerProgram(place: Place): string {
  const program = join(place.root, 'peer');
  const source = join(paths.packageRoot, 'test', 'native', 'peer.c');
  if (statSync(program, { throwIfNoEntry: false })) return program;
  execFileSync('cc', ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-O1', '-o', program, source]);
  return program;
}

function runPeer(place: Place, args: readonly string[]) {
  return place.startProgram(peerProgram(place), args);
}

/** A server made by hand, at the socket of the ident `golden`. */
async function startPeer(place: Place, mode: string, greeting: Buffer, reply: Buffer | string, more: string[] = []) {
  mkdirSync(place.runDirectory, { recursive: true, mode: 0o700 });
  const socket = join(place.runDirectory, 'sgolden');
  rmSync(socket, { force: true });
  const peer = runPeer(place, [mode, socket, greeting.toString('hex'), reply.toString('hex'), ...more]);
  await waitFor('a server made by hand', () => peer.stdout().includes('listening'));
  chmodSync(socket, 0o600);
  return peer;
}

async function startServer(place: Place): Promise<string> {
  writeFileSync(join(place.work, 'script.mjs'), script);
  const { code, stderr } = await place.call(['-U', '-g', 'warm', 'node', 'script.mjs']);
  if (code !== 42) throw new Error(`the first call ended with ${code}: ${stderr}`);
  return join(place.runDirectory, 'swarm');
}

function callPeer(place: Place, socket: string, request: Buffer, descriptors = 4): Promise<Result> {
  return runPeer(place, ['call', socket, request.toString('hex'), `${descriptors}`]).ended;
}
