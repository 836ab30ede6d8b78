import {
  chmodSync,
  copyFileSync,
  cpSync,
  linkSync,
  lstatSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Place, paths, type Running, test, waitFor } from '../helpers/index.js';

const program = join(paths.packageRoot, 'dist', 'watcher', 'main.js');

interface Watched {
  readonly socket: string;
  readonly watcher: Running;
  readonly server: Server;
}

const ends: [name: string, act: (watched: Watched) => void][] = [
  ['the socket is removed', ({ socket }) => unlinkSync(socket)],
  ['the socket is renamed', ({ socket }) => renameSync(socket, `${socket}-away`)],
  [
    'the socket is replaced',
    ({ socket }) => {
      writeFileSync(`${socket}-new`, '');
      renameSync(`${socket}-new`, socket);
    },
  ],
  [
    'the socket is removed and made again',
    ({ socket }) => {
      unlinkSync(socket);
      writeFileSync(socket, '');
    },
  ],
  ['its server has gone', ({ watcher }) => watcher.child.stdin?.end()],
];
for (const [name, act] of ends) {
  test(`the watcher ends when ${name}`, async (t, place) => {
    const watched = await watch(place);
    act(watched);
    t.match(await watched.watcher.ended, { code: 0, stdout: '', stderr: '' });
    watched.server.close();
  });

  test(`a watcher that does not find chokidar ends when ${name}`, async (t, place) => {
    const watched = await watch(place, copyWatcher(place));
    act(watched);
    t.match(await watched.watcher.ended, { code: 0, stdout: '', stderr: '' });
    watched.server.close();
  });
}

/** In a package that sees no other: so it is under Yarn's PnP without its module loader. */
function copyWatcher(place: Place): string {
  const folder = join(place.root, 'alone');
  cpSync(join(paths.packageRoot, 'dist'), join(folder, 'dist'), { recursive: true });
  copyFileSync(join(paths.packageRoot, 'package.json'), join(folder, 'package.json'));
  return join(folder, 'dist', 'watcher', 'main.js');
}

test('the watcher stays while the socket does', async (t, place) => {
  const { socket, watcher, server } = await watch(place);
  chmodSync(socket, 0o600);
  linkSync(socket, `${socket}-link`);
  for (let index = 0; index < 100; index++) writeFileSync(join(place.work, `other${index}`), '');
  await delay(300);
  t.equal(watcher.child.exitCode, null);
  watcher.child.stdin?.end();
  t.match(await watcher.ended, { code: 0, stderr: '' });
  server.close();
});

test('the watcher ends when the socket has gone before it looked', async (t, place) => {
  const { watcher } = startWatcher(place, join(place.work, 'absent'));
  t.match(await watcher.ended, { code: 0, stderr: '' });
});

test('a server may say on stdin which socket is its own', async (t, place) => {
  const socket = join(place.work, 'socket');
  writeFileSync(socket, '');
  const { dev, ino } = lstatSync(socket);
  const watcher = place.startProgram(paths.nodeUnderTest, [program], { stdio: ['pipe', 'pipe', 'pipe'] });
  watcher.child.stdin?.write(`\n\x1d${dev}:${ino} ${socket}\n`);
  await waitFor('the watch', () => watches(watcher.pid));
  unlinkSync(socket);
  t.match(await watcher.ended, { code: 0, stdout: '', stderr: '' });
});

test('with too many arguments the watcher says so on stderr', async (t, place) => {
  const result = await place.startProgram(paths.nodeUnderTest, [program, 'a', 'b', 'c']).ended;
  t.match(result, { code: 1, stderr: 'prefork-interp: watcher: usage: node main.js [SOCKETPATH [DEVICE:INODE]]\n' });
});

async function watch(place: Place, main = program): Promise<Watched> {
  const socket = join(place.work, 'socket');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const { watcher } = startWatcher(place, socket, main);
  await waitFor('the watch', () => watches(watcher.pid));
  return { socket, watcher, server };
}

function startWatcher(place: Place, socket: string, main = program): { watcher: Running } {
  return { watcher: place.startProgram(paths.nodeUnderTest, [main, socket], { stdio: ['pipe', 'pipe', 'pipe'] }) };
}

/** The kernel tells which watches stand in an inotify instance. */
function watches(pid: number): boolean {
  for (let descriptor = 3; descriptor < 64; descriptor++) {
    try {
      if (readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8').includes('\ninotify wd:')) return true;
    } catch {
      // No such descriptor.
    }
  }
  return false;
}
