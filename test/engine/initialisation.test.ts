import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, paths, type Result, test } from '../helpers/index.js';

interface Case {
  readonly name: string;
  /** Runs once, in the server-to-be. */
  readonly before: string;
  /** Runs in every executor. */
  readonly after: string;
  /** What an executor says. */
  readonly says: string;
}

const cases: readonly Case[] = [
  {
    name: 'a large heap and many modules',
    before: `
      const buffers = Array.from({ length: 150 }, (_, n) => Buffer.alloc(1 << 20, n));
      const objects = Array.from({ length: 200_000 }, (_, n) => ({ n, text: 'text ' + n }));
      const modules = [];
      for (let i = 0; i < 150; i++) modules.push(await import('data:text/javascript,export default ' + i));`,
    after: `
      let more = [];
      for (let i = 0; i < 40; i++) more = more.slice(-10).concat(Array.from({ length: 20_000 }, (_, n) => [n]));
      for (const buffer of buffers) buffer[0] ^= 1;
      console.log(buffers.reduce((sum, b) => sum + b[1], 0), objects.at(-1).text, modules.at(-1).default);`,
    says: '11175 text 199999 149',
  },
  {
    name: 'the thread pool used',
    before: `
      const { pbkdf2, randomBytes } = await import('node:crypto');
      const { promisify } = await import('node:util');
      await Promise.all(Array.from({ length: 12 }, () => promisify(pbkdf2)('a', 'b', 500, 16, 'sha256')));`,
    after: `
      const keys = await Promise.all(Array.from({ length: 12 }, () => promisify(pbkdf2)('a', 'b', 500, 16, 'sha256')));
      console.log(new Set(keys.map(String)).size, (await promisify(randomBytes)(5)).length);`,
    says: '1 5',
  },
  {
    name: 'fs promises done',
    before: `
      const fs = await import('node:fs');
      const texts = await Promise.all(Array.from({ length: 20 }, () => fs.promises.readFile(process.argv[1], 'utf8')));
      const directory = await fs.promises.opendir('.');
      for await (const entry of directory) entry.isFile();`,
    after: `
      const again = await fs.promises.readFile(process.argv[1], 'utf8');
      console.log(texts.every((text) => text === again));`,
    says: 'true',
  },
  {
    name: 'fetch used',
    before: `
      const http = await import('node:http');
      const ask = async () => {
        const server = http.createServer((request, response) => response.end('answer ' + request.url)).listen(0, '127.0.0.1');
        await new Promise((resolve) => server.once('listening', resolve));
        const response = await fetch('http://127.0.0.1:' + server.address().port + '/x', { headers: { connection: 'close' } });
        const text = await response.text();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        return text;
      };
      await ask();
      // The closing of a connection takes some turns of the event loop.
      const open = () => process.getActiveResourcesInfo().some((name) => name.startsWith('TCP'));
      for (let tries = 0; open() && tries < 1000; tries++) await new Promise((resolve) => setTimeout(resolve, 5));`,
    after: `console.log(await ask(), await ask());`,
    says: 'answer /x answer /x',
  },
  {
    name: 'WebAssembly compiled, and still being compiled',
    before: `
      const wasm = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100,
        100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]);
      const { instance } = await WebAssembly.instantiate(wasm);
      const unfinished = Array.from({ length: 10 }, () => WebAssembly.compile(wasm));`,
    after: `
      const { exports } = (await WebAssembly.instantiate(wasm)).instance;
      const late = await Promise.all(unfinished);
      console.log(instance.exports.add(1, 2), exports.add(3, 4), late.length);`,
    says: '3 7 10',
  },
  {
    name: 'zlib used',
    before: `
      const zlib = await import('node:zlib');
      const { promisify } = await import('node:util');
      const packed = await promisify(zlib.gzip)('text '.repeat(10_000));
      const deflate = zlib.createDeflate();`,
    after: `
      console.log((await promisify(zlib.gunzip)(packed)).length, zlib.brotliCompressSync('x').length > 0);
      deflate.end('abc');
      const chunks = [];
      for await (const chunk of deflate) chunks.push(chunk);
      console.log(String(zlib.inflateSync(Buffer.concat(chunks))));`,
    says: '50000 true\nabc',
  },
  {
    name: 'TLS loaded, whose certificates Node reads on a thread',
    before: `
      const tls = await import('node:tls');
      await import('node:https');`,
    after: `
      tls.createSecureContext();
      console.log(tls.rootCertificates.length > 50);`,
    says: 'true',
  },
  {
    name: 'signal handlers registered',
    before: `
      const seen = [];
      process.on('SIGUSR2', () => seen.push('SIGUSR2'));
      process.once('SIGHUP', () => seen.push('SIGHUP'));
      process.on('SIGINT', () => seen.push('SIGINT'));`,
    after: `
      for (const name of ['SIGUSR2', 'SIGHUP', 'SIGINT']) process.kill(process.pid, name);
      while (seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
      console.log(seen.sort().join(' '));
      process.removeAllListeners('SIGINT');`,
    says: 'SIGHUP SIGINT SIGUSR2',
  },
  {
    name: 'timers pending',
    before: `
      let ticks = 0;
      const interval = setInterval(() => ticks++, 5);
      const far = setTimeout(() => console.log('too early'), 3_600_000);
      const order = [];
      setTimeout(() => order.push('timer'), 20);
      setImmediate(() => order.push('immediate'));
      process.nextTick(() => order.push('tick'));`,
    after: `
      const before = ticks;
      while (ticks < before + 3 || order.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
      clearInterval(interval);
      clearTimeout(far);
      console.log(before, order.sort().join(' '));`,
    says: '0 immediate tick timer',
  },
  {
    name: 'promises and asynchronous contexts pending',
    before: `
      const { AsyncLocalStorage } = await import('node:async_hooks');
      const storage = new AsyncLocalStorage();
      let release;
      const pending = storage.run('of initialisation', async () => {
        await new Promise((resolve) => { release = resolve; });
        return storage.getStore();
      });`,
    after: `
      release();
      console.log(await pending, storage.getStore());`,
    says: 'of initialisation undefined',
  },
  {
    name: 'objects that wait for their finalisation',
    before: `
      const v8 = await import('node:v8');
      const vm = await import('node:vm');
      v8.setFlagsFromString('--expose-gc');
      const collect = vm.runInNewContext('gc');
      let finished = 0;
      const registry = new FinalizationRegistry(() => finished++);
      for (let i = 0; i < 10; i++) registry.register({ i }, i);
      collect();`,
    after: `
      for (let tries = 0; finished < 10 && tries < 200; tries++) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      console.log(finished);`,
    says: '10',
  },
  {
    name: 'messages on their way',
    before: `
      const { port1, port2 } = new MessageChannel();
      port1.postMessage('sent before');
      port2.unref();`,
    after: `
      const arrived = await new Promise((resolve) => { port2.onmessage = (event) => resolve(event.data); });
      port2.close();
      console.log(arrived);`,
    says: 'sent before',
  },
  {
    name: 'children that have ended',
    before: `
      const { spawnSync, execFile } = await import('node:child_process');
      spawnSync('true');
      await new Promise((resolve) => execFile('sh', ['-c', 'exit 3'], resolve));`,
    after: `
      const code = await new Promise((resolve) => execFile('sh', ['-c', 'exit 4'], (error) => resolve(error.code)));
      console.log(code, spawnSync('sh', ['-c', 'exit 5']).status);`,
    says: '4 5',
  },
  {
    name: 'exit handlers registered',
    before: `
      process.on('exit', (code) => console.log('exit', code));
      process.on('beforeExit', () => console.log('beforeExit'));`,
    after: `process.exitCode = 0;`,
    says: 'beforeExit\nexit 0',
  },
  {
    name: 'JSON, locale data and regular expressions used',
    before: `
      const collator = new Intl.Collator('sv');
      const format = new Intl.NumberFormat('de');
      const pattern = /(\\p{L}+)/gu;
      'año'.replace(pattern, '');
      format.format(1);`,
    after: `console.log(['ä', 'z'].sort(collator.compare).join(''), format.format(1234.5), 'é1è'.match(pattern).join());`,
    says: 'zä 1.234,5 é,è',
  },
];

for (const { name, before, after, says } of cases) {
  test(`executors work after an initialisation with ${name}`, async (t, place) => {
    const script = place.write('script.mjs', scriptOf(before, after));
    for (let call = 0; call < 3; call++) {
      const { code, signal, stdout, stderr } = await place.script(script);
      t.strictSame({ code, signal, stdout, stderr }, { code: 0, signal: null, stdout: `${says}\n`, stderr: '' });
    }
    t.equal(place.servers().length, 1);
  });
}

test('standard streams are those of the call, whatever kinds initialisation has touched', async (t, place) => {
  const script = place.write(
    'streams.mjs',
    scriptOf(
      `console.log('while initialising'); process.stderr.write(''); process.stdin.unref?.();`,
      `process.stdout.write('out ' + process.argv[2] + '\\n');
       console.error('err ' + process.argv[2]);
       let input = '';
       for await (const chunk of process.stdin) input += chunk;
       console.log('in ' + input);`,
    ),
  );
  for (const first of ['pipe', 'file'] as const) {
    await runWith(place, script, first, 'first');
    for (const later of ['file', 'pipe', 'file'] as const) {
      const { out, err, code } = await runWith(place, script, later, later);
      t.strictSame({ out, err, code }, { out: `out ${later}\nin text\n`, err: `err ${later}\n`, code: 0 });
    }
    await place.call(['-U', '--kill', 'node', script]);
  }
});

test('so they are when the first caller has a terminal', async (t, place) => {
  const script = place.write(
    'terminal.mjs',
    scriptOf(
      `console.log('while initialising'); process.stdin.isTTY;`,
      `console.log(process.stdout.isTTY, process.stderr.isTTY, process.stdout.columns > 0 || process.stdout.columns === 0);
       console.error('err');`,
    ),
  );
  for (const expected of ['while initialising\r\ntrue true true\r\nerr\r\n', 'true true true\r\nerr\r\n']) {
    const { stdout, code } = await onTerminal(place, script);
    t.strictSame({ stdout, code }, { stdout: expected, code: 0 });
  }
  const { stdout, stderr } = await place.script(script);
  t.match(stdout, /^undefined undefined false\n$/);
  t.match(stderr, /^while initialising\nerr\n$/);
});

test('siblings draw different random numbers', async (t, place) => {
  const script = place.write(
    'random.mjs',
    scriptOf(
      `import crypto from 'node:crypto';
       crypto.randomUUID(); crypto.randomInt(1000); crypto.randomBytes(4); crypto.getRandomValues(new Uint8Array(4));`,
      `console.log(crypto.randomUUID(), crypto.randomInt(2 ** 40), crypto.randomBytes(8).toString('hex'),
         Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex'), globalThis.crypto.randomUUID());`,
    ),
  );
  const calls: Result[] = [];
  for (let i = 0; i < 12; i++) calls.push(await place.script(script));
  const rows = calls.map(({ stdout }) => stdout.trim().split(' '));
  const what = ['randomUUID', 'randomInt', 'randomBytes', 'getRandomValues', 'webcrypto.randomUUID'];
  for (const [column, name] of what.entries()) {
    t.equal(new Set(rows.map((row) => row[column])).size, rows.length, name);
  }
});

test('what cannot be forked is named, and the call is served by the process that has initialised', async (t, place) => {
  const unforkable: readonly [name: string, before: string, reason: RegExp][] = [
    ['listening', `(await import('node:net')).createServer().listen(0).unref();`, /tcp/],
    ['watching', `(await import('node:fs')).watch('.').unref();`, /fs_event/],
    [
      'worker',
      `new (await import('node:worker_threads')).Worker('setInterval(()=>{},1e6)', { eval: true }).unref();`,
      /thread/,
    ],
    ['child', `(await import('node:child_process')).spawn('sleep', ['1']).unref();`, /process|pipe/],
    ['request', `(await import('node:crypto')).pbkdf2('a', 'b', 3e5, 9, 'sha256', () => {});`, /request/],
  ];
  for (const [name, before, reason] of unforkable) {
    const script = place.write(
      `${name}.mjs`,
      `import { initialisationComplete } from 'prefork-interp';\n${before}\nconsole.log(initialisationComplete(), process.argv[2]);\nprocess.exit(7);`,
    );
    for (const how of ['unforked', 'plainly']) {
      const env = how === 'plainly' ? { PREFORK_INTERP_DEBUG: '1' } : {};
      const { code, stdout, stderr } = await place.script(script, ['argument'], { env });
      t.strictSame({ code, stdout }, { code: 7, stdout: 'false argument\n' }, name);
      t.match(stderr, reason, name);
      t.match(stderr, how, name);
      t.equal(stderr.trim().split('\n').length, 1, name);
    }
  }
  t.equal(place.servers().length, 0);
});

/** In CommonJS nothing has made libuv start its own four, so the number of threads is the same. */
test('worker threads are not taken for those of libuv, when there are as many', async (t, place) => {
  const script = place.write(
    'workers.cjs',
    `const { Worker } = require('node:worker_threads');
    const { initialisationComplete } = require('prefork-interp');
    for (let i = 0; i < 4; i++) new Worker('setInterval(()=>{},1e6)', { eval: true }).unref();
    console.log(initialisationComplete());
    process.exit(7);`,
  );
  for (let turn = 0; turn < 3; turn++) {
    // It is said once a minute, but to those who ask.
    const { code, stdout, stderr } = await place.script(script, [], { env: { PREFORK_INTERP_DEBUG: '1' } });
    t.strictSame({ code, stdout }, { code: 7, stdout: 'false\n' });
    t.match(stderr, /threads run where Node has \d+ of its own/);
    for (const name of readdirSync(place.runDirectory))
      if (name.startsWith('u')) rmSync(join(place.runDirectory, name));
  }
});

function scriptOf(before: string, after: string): string {
  return `import { initialisationComplete } from 'prefork-interp';
${before}
if (!initialisationComplete()) process.exit(99);
${after}
`;
}

async function runWith(place: Place, script: string, kind: 'pipe' | 'file', argument: string) {
  if (kind === 'pipe') {
    const { code, stdout, stderr } = await place.script(script, [argument], { input: 'text' });
    return { code, out: stdout, err: stderr };
  }
  const names = { in: place.write('in', 'text'), out: join(place.root, 'out'), err: join(place.root, 'err') };
  const stdio = [openSync(names.in, 'r'), openSync(names.out, 'w'), openSync(names.err, 'w')];
  const { code } = await place.script(script, [argument], { stdio });
  stdio.forEach(closeSync);
  return { code, out: readFileSync(names.out, 'utf8'), err: readFileSync(names.err, 'utf8') };
}

/** script(1) gives a program a terminal; output and error output come as one. */
function onTerminal(place: Place, file: string): Promise<Result> {
  const command = `${paths.launcher} -U node ${file}`;
  return place.startProgram('script', ['-qec', command, '/dev/null']).ended;
}
