/** A refusal names the line that opened what is open. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { type Place, paths, test } from '../helpers/index.js';
import { launcherLines } from '../launcher/tell.js';

const [major = 0] = execFileSync(paths.nodeUnderTest, ['-p', 'process.versions.node'], { encoding: 'utf8' })
  .split('.')
  .map(Number);

/** Node's modules under their names, and `server`, which listens and is not in the way. */
const HEAD = `import { initialisationComplete } from 'prefork-interp';
import { once } from 'node:events';
import child_process from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { Worker } from 'node:worker_threads';
`;

/** The line that opens is the one that ends in `//`. */
const told: [name: string, source: string, reason: RegExp][] = [
  ['a listening socket', 'net.createServer().listen(0); //', /^tcp \(opened at LINE\)$/],
  [
    'a socket that listens at a name, which is looked up first',
    `const server = net.createServer();
    server.listen(0, 'localhost'); //
    await once(server, 'listening');`,
    /^tcp \(opened at LINE\)$/,
  ],
  ['a server of HTTP', 'http.createServer().listen(0); //', /^tcp \(opened at LINE\)$/],
  [
    'a connection, and the one that was accepted for it',
    `const server = net.createServer().listen(0, () => {
      net.connect(server.address().port); //
    });
    await once(server, 'connection');`,
    /^tcp \(opened at OTHER\), tcp \(opened at LINE\), tcp \(opened at OTHER\)/,
  ],
  [
    'a request of HTTP',
    `const server = http.createServer((_, response) => response.flushHeaders()).listen(0);
    await once(server, 'listening');
    const request = http.get({ port: server.address().port }); //
    await once(request, 'response');`,
    /tcp \(opened at LINE\)/,
  ],
  ['a socket in the file system', "net.createServer().listen('./sock'); //", /^pipe \(opened at LINE\)$/],
  ['a datagram socket', "await once(dgram.createSocket('udp4').bind(0), 'listening'); //", /^udp \(opened at LINE\)$/],
  [
    'a child process, whose pipes are named once',
    "const child = child_process.spawn('sleep', ['60']); //\nprocess.on('exit', () => child.kill());",
    /^pipe \(opened at LINE\), process \(opened at LINE\)$/,
  ],
  [
    'a worker thread',
    "new Worker('setInterval(() => {}, 1000)', { eval: true }); //",
    /^\d+ threads run where Node has \d+ of its own \(a worker was started at LINE\)$/,
  ],
  ['a watched file', "fs.watch('.'); //", /^fs_event \(opened at LINE\)$/],
  ['a polled file', "fs.watchFile('./absent', () => {}); //", /^fs_poll \(opened at LINE\)/],
  [
    'a file that is written',
    "fs.openSync('written', 'w'); //",
    /^a file is open for writing \(\S+written, opened at LINE\)$/,
  ],
  [
    'a file that another thread opens',
    "const read = fs.promises.readFile('opens.mjs');\n await new Promise((opened) => fs.open('written', 'w', opened)); //\nawait read;",
    /^a file is open for writing \(\S+written, opened at LINE\)$/,
  ],
  [
    'a file that was read before',
    `fs.writeFileSync('written', '');
    await fs.promises.readFile('written');
    globalThis.written = await fs.promises.open('written', 'r+'); //`,
    /^a file is open for writing \(\S+written, opened at LINE\)$/,
  ],
  [
    'a file handle',
    "globalThis.written = await fs.promises.open('written', 'w'); //",
    /^a file is open for writing \(\S+written, opened at LINE\)$/,
  ],
  [
    'a pipe with a name',
    "child_process.execSync('mkfifo fifo');\n fs.openSync('fifo', 'r+'); //",
    /^a pipe is open \(\S+fifo, opened at LINE\)$/,
  ],
  [
    'what was opened where something else was before',
    "fs.closeSync(fs.openSync('first', 'w'));\n fs.openSync('second', 'w'); //",
    /^a file is open for writing \(\S+second, opened at LINE\)$/,
  ],
  [
    'one of many',
    `for (let i = 0; i < 2000; i++) fs.closeSync(i % 2 ? fs.openSync('many', 'r') : fs.openSync('many', 'a'));
    fs.openSync('written', 'w'); //`,
    /^a file is open for writing \(\S+written, opened at LINE\)$/,
  ],
];

if (major >= 22) {
  told.push([
    'a database',
    "const { DatabaseSync } = await import('node:sqlite');\n globalThis.data = new DatabaseSync('data'); //",
    /^a file is open for writing \(\S+data, opened at LINE\)$/,
  ]);
}

for (const [name, source, reason] of told) {
  test(`the line that opened it is named: ${name}`, async (t, place) => {
    const script = place.write('opens.mjs', `${HEAD}${source}\ninitialisationComplete();\nprocess.exit();\n`);
    const lines = place.read('opens.mjs').split('\n');
    const line = lines.findIndex((text) => text.endsWith('//')) + 1;
    const pattern = reason.source.replaceAll('LINE', `${script}:${line}`).replaceAll('OTHER', `${script}:${line - 1}`);
    for (const kind of ['unforked: ', 'plainly: it cannot be forked: ']) {
      t.match(await reasonOf(place, script, kind), new RegExp(pattern), kind);
      for (const left of ['fifo', 'sock']) rmSync(`${place.work}/${left}`, { force: true });
    }
  });
}

/** Node cannot tell. */
const untold: [name: string, source: string, reason: string | RegExp][] = [
  [
    'what was open before the library was loaded',
    "import fs from 'node:fs';\nfs.openSync('written', 'w');\nconst { initialisationComplete } = await import('prefork-interp');\n",
    /^a file is open for writing \(\S+written\)$/,
  ],
  [
    'a stream, which opens its file after the line has been left',
    `${HEAD}await once(fs.createWriteStream('written'), 'open');`,
    /^a file is open for writing \(\S+written\)$/,
  ],
  [
    'code without a file',
    `${HEAD}setTimeout(() => 0);\n(0, eval)("process.getBuiltinModule('fs').openSync('written', 'w')");`,
    /^a file is open for writing \(\S+written, opened at \S+opens\.mjs:10\)$/,
  ],
];
for (const [name, source, reason] of untold) {
  test(`no line is named: ${name}`, async (t, place) => {
    const script = place.write('opens.mjs', `${source}\ninitialisationComplete();\nprocess.exit();\n`);
    t.match(await reasonOf(place, script, 'unforked: '), reason);
  });
}

test('the line is the one in the module that opened it, whatever its name', async (t, place) => {
  place.write(
    'in between/50% as it is.mjs',
    "import fs from 'node:fs';\n\nexport const open = () =>\n  fs.openSync('written', 'w');\n",
  );
  place.write(
    'common.cjs',
    "const net = require('node:net');\nexports.listen = () => net.createServer()\n  .listen(0);\n",
  );
  const script = place.write(
    'opens.mjs',
    `${HEAD}import { open } from './in between/50%25 as it is.mjs';
    import common from './common.cjs';
    process.argv[2] === 'open' ? open() : common.listen();
    initialisationComplete();
    process.exit();`,
  );
  t.match(
    await reasonOf(place, script, 'unforked: ', 'open'),
    `a file is open for writing (${place.work}/written, opened at ${place.work}/in between/50% as it is.mjs:4)`,
  );
  await place.call(['--kill', '-U', 'node', script]);
  t.equal(await reasonOf(place, script, 'unforked: ', 'listen'), `tcp (opened at ${place.work}/common.cjs:3)`);
});

test('a worker thread opens what it likes while the stack of the main one is looked at', async (t, place) => {
  const script = place.write(
    'opens.mjs',
    `${HEAD}
    const body = "for (let i = 0; i < 300; i++) { require('fs').writeFileSync('w' + i % 9, ''); require('net').createServer().listen(0).close(); }";
    const worker = new Worker(body, { eval: true });
    let ended = false;
    worker.once('exit', () => { ended = true; });
    for (let i = 0; i < 300 || !ended; i++) {
      fs.writeFileSync('m' + i % 9, '');
      await fs.promises.writeFile('p' + i % 9, new Array(1000).fill(i).join(''));
      net.createServer().listen(0).close();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.log(initialisationComplete());`,
  );
  for (const call of ['first', 'second'])
    t.match(await place.script(script), { code: 0, stdout: 'true\n', stderr: '' }, call);
});

test('a script that traces itself is traced, and goes on', async (t, place) => {
  const script = place.write(
    'opens.mjs',
    `${HEAD}import { createTracing } from 'node:trace_events';
    const tracing = createTracing({ categories: ['v8', 'node.async_hooks', 'node.fs.sync', 'node.fs.async'] });
    tracing.enable();
    fs.writeFileSync('written', '');
    await (await fs.promises.open('written')).close();
    net.createServer().listen(0).close();
    initialisationComplete();
    tracing.disable();`,
  );
  t.match(await reasonOf(place, script, 'unforked: '), /^\d+ threads run where Node has \d+ of its own$/);
  const trace = place.read('node_trace.1.log');
  for (const name of ['TCPSERVERWRAP', 'fs.sync.open', '"open"']) t.match(trace, name);
});

/** What the only line of the launcher gives as its reason. */
async function reasonOf(place: Place, script: string, kind: string, ...args: string[]): Promise<string> {
  const env = kind.startsWith('plainly') ? { PREFORK_INTERP_DEBUG: '1' } : {};
  const { stderr } = await place.script(script, args, { env });
  const [line = '', ...more] = launcherLines(stderr);
  if (more.length > 0 || !line.includes(kind)) throw new Error(`not one line with "${kind}": ${stderr}`);
  return line.slice(line.indexOf(kind) + kind.length);
}
