/**
 * The rules of docs/staleness.md, a case each. `@` in a line for the driver is the folder of the case and a slash; between the
 * parts of a line is one space here.
 */
import type { Folder } from './folder.js';

export interface Case {
  /** What initialisation does. */
  readonly look: readonly string[];
  /** What is done before the folder is looked at. */
  readonly before?: (folder: Folder) => void;
  /** Told after the notes are taken over (which `notes` tells; without it there are none) and before it is watched. */
  readonly store?: readonly string[];
  /** The contents are remembered before the edit. */
  readonly settled?: true;
  /** The server's own socket. */
  readonly socket?: string;
  readonly edit?: (folder: Folder) => void;
  readonly want: Want;
  /** After a verdict of fresh: a further edit, which must be noticed. */
  readonly next?: (folder: Folder) => void;
}

/**
 * changed: an edit; fresh: looked into, and none; quiet: there is not even a reason to look; gone: the socket is;
 * stillborn: changed already when it was watched.
 */
export type Want = 'changed' | 'fresh' | 'quiet' | 'gone' | 'stillborn';

const readsFile = ['read @file'];

const contents: Record<string, Case> = {
  'written in place': { look: readsFile, edit: (f) => f.write('file', 'other'), want: 'changed' },
  'written in place, same size': { look: readsFile, edit: (f) => f.write('file', 'hellO'), want: 'changed' },
  'another renamed over it': { look: readsFile, edit: (f) => f.replace('file', 'world'), want: 'changed' },
  'the same content renamed over it': { look: readsFile, edit: (f) => f.replace('file', 'hello'), want: 'changed' },
  appended: { look: readsFile, edit: (f) => f.append('file', 'x'), want: 'changed' },
  truncated: { look: readsFile, edit: (f) => f.truncate('file', 1), want: 'changed' },
  removed: { look: readsFile, edit: (f) => f.remove('file'), want: 'changed' },
  touched: { look: readsFile, settled: true, edit: (f) => f.touch('file'), want: 'changed' },
  'changed through a map': { look: readsFile, store: ['other-maps @file HELLO'], want: 'stillborn' },
  'asked for its stat, written': { look: ['stat @file'], edit: (f) => f.write('file', 'other'), want: 'changed' },
  'a name with a relative beginning': {
    look: ['chdir @', 'read file'],
    edit: (f) => f.write('file', 'other'),
    want: 'changed',
  },
  'through a hard link': { look: ['read @twin'], edit: (f) => f.write('twin-too', 'other'), want: 'changed' },
  'a hard link keeps the old one alive': {
    look: ['read @twin'],
    edit: (f) => f.replace('twin', 'other'),
    want: 'changed',
  },
  'an open descriptor keeps the old one alive': {
    look: readsFile,
    edit: (f) => f.holding('file', () => f.replace('file', 'other')),
    want: 'changed',
  },
  'only read': { look: readsFile, edit: (f) => f.read('file'), want: 'quiet' },
  'opened for writing and left alone': {
    look: readsFile,
    edit: (f) => f.openForWriting('file'),
    want: 'fresh',
    next: (f) => f.write('file', 'other'),
  },
  'a new file beside it': { look: readsFile, edit: (f) => f.write('beside', ''), want: 'quiet' },
};

const changeTimeAlone: Record<string, Case> = {
  chmod: { look: readsFile, settled: true, edit: (f) => f.chmod('file', 0o600), want: 'fresh' },
  'chmod and then an edit': {
    look: readsFile,
    settled: true,
    edit: (f) => f.chmod('file', 0o600),
    want: 'fresh',
    next: (f) => f.write('file', 'hellO'),
  },
  'chmod before the content is known': { look: readsFile, edit: (f) => f.chmod('file', 0o600), want: 'changed' },
  'chmod of a file too large to be known': {
    look: ['read @large'],
    before: (f) => {
      f.write('large', '');
      f.truncate('large', 9 << 20);
    },
    settled: true,
    edit: (f) => f.chmod('large', 0o600),
    want: 'changed',
  },
  chown: { look: readsFile, settled: true, edit: (f) => f.chown('file'), want: 'fresh' },
  'a new hard link': { look: readsFile, settled: true, edit: (f) => f.hardLink('file', 'more'), want: 'fresh' },
  'same size, time stamp restored': {
    look: readsFile,
    before: (f) => f.age('file'),
    settled: true,
    edit: (f) => f.writeKeepingTime('file', 'hellO'),
    want: 'changed',
  },
  'same content, time stamp restored': {
    look: readsFile,
    before: (f) => f.age('file'),
    settled: true,
    edit: (f) => f.writeKeepingTime('file', 'hello'),
    want: 'fresh',
  },
};

const ways: Record<string, Case> = {
  'its directory moved away': { look: ['read @dir/inside'], edit: (f) => f.move('dir', 'off'), want: 'changed' },
  'its directory moved away and back': {
    look: ['read @dir/inside'],
    edit: (f) => {
      f.move('dir', 'off');
      f.move('off', 'dir');
    },
    want: 'fresh',
    next: (f) => f.write('dir/inside', 'other'),
  },
  'a directory far above moved away': {
    look: ['read @deep/b/c/file'],
    edit: (f) => f.move('deep', 'off'),
    want: 'changed',
  },
  'a directory far above exchanged': {
    look: ['read @deep/b/c/file'],
    before: (f) => f.write('other/b/c/file', '2'),
    edit: (f) => {
      f.move('deep', 'off');
      f.move('other', 'deep');
    },
    want: 'changed',
  },
  'a link to its directory led elsewhere': {
    look: ['read @current/file'],
    edit: (f) => f.link('v2', 'current'),
    want: 'changed',
  },
  'a link removed and made anew': {
    look: ['read @current/file'],
    edit: (f) => {
      f.remove('current');
      f.link('v2', 'current');
    },
    want: 'changed',
  },
  'a link behind a link led elsewhere': {
    look: ['read @link'],
    edit: (f) => f.link('v2', 'current'),
    want: 'changed',
  },
  'written behind two links': { look: ['read @link'], edit: (f) => f.write('v1/file', '9'), want: 'changed' },
  'a link resolved by realpath': {
    look: ['realpath @current/'],
    edit: (f) => f.link('v2', 'current'),
    want: 'changed',
  },
  'a link that was read': { look: ['readlink @current'], edit: (f) => f.link('v2', 'current'), want: 'changed' },
  "a link's own stat": { look: ['lstat @current'], edit: (f) => f.link('v2', 'current'), want: 'changed' },
  'behind a link, but only the link was read': {
    look: ['readlink @current'],
    edit: (f) => f.write('v1/file', '9'),
    want: 'quiet',
  },
  'written, .. after a link': { look: ['read @up/../file'], edit: (f) => f.write('far/file', '9'), want: 'changed' },
  'the file that .. would mean without the link': {
    look: ['read @up/../file'],
    edit: (f) => f.write('file', '9'),
    want: 'quiet',
  },
};

const missing: Record<string, Case> = {
  'a missing name appears': { look: ['read @opt'], edit: (f) => f.write('opt', ''), want: 'changed' },
  'a missing name is moved in': { look: ['stat @opt'], edit: (f) => f.move('file', 'opt'), want: 'changed' },
  'a missing name appears and goes': {
    look: ['exists @opt'],
    edit: (f) => {
      f.write('opt', '');
      f.remove('opt');
    },
    want: 'fresh',
    next: (f) => f.write('opt', ''),
  },
  'another name appears': {
    look: ['stat @opt'],
    edit: (f) => f.write('optional', ''),
    want: 'fresh',
    next: (f) => f.write('opt', ''),
  },
  'a name that differs by case only appears': {
    look: ['stat @opt'],
    edit: (f) => f.write('OPT', ''),
    want: 'fresh',
    next: (f) => f.write('opt', ''),
  },
  'a missing name beyond ASCII appears': {
    look: ['stat @größe'],
    edit: (f) => f.write('größe', ''),
    want: 'changed',
  },
  'a missing name appears far below': {
    look: ['stat @nm/x/p'],
    edit: (f) => {
      f.make('nm');
      f.make('nm/x');
      f.write('nm/x/p', '');
    },
    want: 'changed',
  },
  'half of the way to a missing name appears': {
    look: ['stat @nm/x/p'],
    edit: (f) => f.make('nm/other'),
    want: 'fresh',
    next: (f) => f.write('nm/x/p', ''),
  },
  'the way to a missing name is moved in': {
    look: ['stat @nm/x/p'],
    before: (f) => f.write('made/x/p', ''),
    edit: (f) => f.move('made', 'nm'),
    want: 'changed',
  },
  'a file becomes the directory of a missing name': {
    look: ['stat @file/p'],
    edit: (f) => {
      f.remove('file');
      f.write('file/p', '');
    },
    want: 'changed',
  },
  'a file that was asked for as a directory becomes one': {
    look: ['stat @file/'],
    edit: (f) => {
      f.remove('file');
      f.make('file');
    },
    want: 'changed',
  },
  'the target of a dangling link appears': {
    look: ['stat @dangling'],
    edit: (f) => f.write('nowhere/yet', ''),
    want: 'changed',
  },
  'the directory where it was missing is moved, another without it comes': {
    look: ['stat @dir/opt'],
    edit: (f) => {
      f.move('dir', 'off');
      f.make('dir');
    },
    want: 'fresh',
    next: (f) => f.write('dir/opt', ''),
  },
};

const existence: Record<string, Case> = {
  'asked whether it exists, written': { look: ['exists @file'], edit: (f) => f.write('file', 'x'), want: 'quiet' },
  'asked whether it exists, removed': { look: ['exists @file'], edit: (f) => f.remove('file'), want: 'changed' },
  'asked whether it exists, replaced': {
    look: ['exists @file'],
    edit: (f) => f.replace('file', 'other'),
    want: 'fresh',
    next: (f) => f.remove('file'),
  },
  "a directory's stat, a new name in it": { look: ['stat @dir'], edit: (f) => f.write('dir/new', ''), want: 'quiet' },
  "a directory's stat, removed": { look: ['stat @dir'], edit: (f) => f.remove('dir'), want: 'changed' },
  "a directory's stat, removed and made again": {
    look: ['stat @dir'],
    edit: (f) => {
      f.remove('dir');
      f.make('dir');
    },
    want: 'fresh',
    next: (f) => f.remove('dir'),
  },
  "a directory's stat, now a file": {
    look: ['stat @dir'],
    edit: (f) => {
      f.remove('dir');
      f.write('dir', '');
    },
    want: 'changed',
  },
};

const listings: Record<string, Case> = {
  'listed, a name added': { look: ['list @dir'], edit: (f) => f.write('dir/new', ''), want: 'changed' },
  'listed, a name removed': {
    look: ['list @dir'],
    settled: true,
    edit: (f) => f.remove('dir/inside'),
    want: 'changed',
  },
  'listed, a name changed': {
    look: ['list @dir'],
    settled: true,
    edit: (f) => f.move('dir/inside', 'dir/outside'),
    want: 'changed',
  },
  'listed, a name came and went': {
    look: ['list @dir'],
    settled: true,
    edit: (f) => {
      f.write('dir/.swap', '');
      f.remove('dir/.swap');
    },
    want: 'fresh',
    next: (f) => f.write('dir/new', ''),
  },
  'listed, a name came and went before the names are known': {
    look: ['list @dir'],
    edit: (f) => {
      f.write('dir/.swap', '');
      f.remove('dir/.swap');
    },
    want: 'changed',
  },
  'listed, a file in it written': { look: ['list @dir'], edit: (f) => f.write('dir/inside', 'y'), want: 'quiet' },
};

/** What initialisation did itself is no edit; what others do to it after that is. */
const written: Record<string, Case> = {
  'read and written by initialisation': {
    look: ['read @file', 'write @file'],
    want: 'quiet',
  },
  'read and written by initialisation, then edited': {
    look: ['read @file', 'write @file'],
    edit: (f) => f.write('file', 'other'),
    want: 'changed',
  },
  'only written by initialisation, then edited': {
    look: ['write @file'],
    edit: (f) => f.write('file', 'other'),
    want: 'quiet',
  },
  'only written by initialisation, then removed': {
    look: ['write @file'],
    edit: (f) => f.remove('file'),
    want: 'changed',
  },
  'written by initialisation under another name': {
    look: ['read @v1/file', 'write @link'],
    edit: (f) => f.write('v1/file', 'other'),
    want: 'changed',
  },
  'missing, then made': { look: ['stat @cache', 'mkdir @cache', 'stat @cache/x', 'write @cache/x'], want: 'quiet' },
  'rewritten by renaming': { look: ['read @file', 'write @new', 'rename @new @file'], want: 'quiet' },
  'removed by initialisation': { look: ['read @file', 'unlink @file'], want: 'quiet' },
  'removed by initialisation, and there again': {
    look: ['read @file', 'unlink @file'],
    edit: (f) => f.write('file', 'hello'),
    want: 'changed',
  },
  'made and removed by initialisation, and there again': {
    look: ['stat @lock', 'mkdir @lock', 'write @lock/x', 'unlink @lock/x'],
    edit: (f) => f.write('lock/x', ''),
    want: 'quiet',
  },
  'chmod by initialisation': { look: ['read @file', 'chmod @file'], want: 'quiet' },
  'touched by initialisation': { look: ['read @file', 'touch @file'], want: 'quiet' },
  'a directory it made something in counts by its existence: a new name': {
    look: ['list @dir', 'write @dir/new'],
    edit: (f) => f.write('dir/newer', ''),
    want: 'quiet',
  },
  'a directory it made something in counts by its existence: gone': {
    look: ['list @dir', 'write @dir/new'],
    edit: (f) => f.remove('dir'),
    want: 'changed',
  },
  'what another process does is not its own': {
    look: ['read @file', 'other-writes @file other'],
    want: 'stillborn',
  },
  'what another process reads does not count': {
    look: ['other-reads @file'],
    edit: (f) => f.write('file', 'other'),
    want: 'quiet',
  },
};

const neverCounted: Record<string, Case> = {
  'files of the kernel': { look: ['read /proc/self/stat', 'list /sys', 'stat /dev/nothing'], want: 'quiet' },
  "Node's compile cache": {
    look: ['read @v24.21.0-x64-964aae3f-0/x'],
    before: (f) => f.write('v24.21.0-x64-964aae3f-0/x', '1'),
    edit: (f) => f.write('v24.21.0-x64-964aae3f-0/x', '2'),
    want: 'quiet',
  },
  'a directory with a name much like it': {
    look: ['read @v24.21.0-x64-964aae3f-dev/x'],
    before: (f) => f.write('v24.21.0-x64-964aae3f-dev/x', '1'),
    edit: (f) => f.write('v24.21.0-x64-964aae3f-dev/x', '2'),
    want: 'changed',
  },
};

const timing: Record<string, Case> = {
  'changed between two looks': {
    look: ['read @file', 'other-writes @file other', 'read @file'],
    want: 'stillborn',
  },
  'gone between two looks': { look: ['stat @file', 'other-removes @file', 'stat @file'], want: 'stillborn' },
  'appeared between two looks': { look: ['stat @opt', 'other-writes @opt x', 'stat @opt'], want: 'stillborn' },
  'changed before it is watched': { look: readsFile, store: ['other-replaces @file other'], want: 'stillborn' },
  // The observer waits for the end of a tick 64 times; on a busy machine many are over by themselves.
  'read again and again in the tick it was written': { look: ['read-hot-files @. 400'], want: 'stillborn' },
};

const sockets: Record<string, Case> = {
  'its socket removed': { look: readsFile, socket: 'socket', edit: (f) => f.remove('socket'), want: 'gone' },
  'its socket replaced': { look: readsFile, socket: 'socket', edit: (f) => f.replace('socket', ''), want: 'gone' },
  "its socket's directory moved": { look: [], socket: 'dir/inside', edit: (f) => f.move('dir', 'off'), want: 'gone' },
  'another socket comes': { look: readsFile, socket: 'socket', edit: (f) => f.write('second', ''), want: 'quiet' },
  'its socket removed after an edit': {
    look: readsFile,
    socket: 'socket',
    edit: (f) => {
      f.remove('socket');
      f.write('file', 'other');
    },
    want: 'changed',
  },
  'its socket gone before it is watched': {
    look: readsFile,
    socket: 'socket',
    store: ['no-instance'],
    edit: (f) => f.remove('socket'),
    want: 'gone',
  },
};

/** Where events do not tell, files are compared at each call. */
const withoutEvents: Record<string, Case> = {};
for (const [where, store] of Object.entries({
  'on a network file system': ['network @'],
  'without an instance': ['no-instance'],
  'without a watch': ['watches 0'],
  'with too few watches': ['watches 4'],
})) {
  Object.assign(withoutEvents, {
    [`${where}: written`]: { look: readsFile, store, edit: (f) => f.write('file', 'hellO'), want: 'changed' },
    [`${where}: appears`]: {
      look: ['read @file', 'stat @opt'],
      store,
      edit: (f) => f.write('opt', ''),
      want: 'changed',
    },
    [`${where}: moved`]: {
      look: ['read @deep/b/c/file'],
      store,
      edit: (f) => f.move('deep', 'off'),
      want: 'changed',
    },
    [`${where}: a link led elsewhere`]: {
      look: ['read @link'],
      store,
      edit: (f) => f.link('v2', 'current'),
      want: 'changed',
    },
    [`${where}: a name added`]: { look: ['list @dir'], store, edit: (f) => f.write('dir/new', ''), want: 'changed' },
    [`${where}: left alone`]: { look: ['read @file', 'stat @opt', 'list @dir'], store, want: 'quiet' },
  } satisfies Record<string, Case>);
}

/** A directory that may be passed but not read cannot be watched. */
const unreadable: Record<string, Case> = {};
for (const [name, edit] of Object.entries({
  'a file behind it written': (f) => f.write('home/me/file', 'other'),
  'a directory behind it moved': (f) => f.move('home/me', 'home/you'),
  'itself moved': (f) => f.move('home', 'homes'),
  'itself exchanged for another': (f) => {
    f.move('home', 'homes');
    f.write('home/me/file', '1');
  },
  'a missing name behind it appears': (f) => f.write('home/opt', ''),
  'a file that may not be read written': (f) => f.append('secret', 'x'),
} satisfies Record<string, (folder: Folder) => void>)) {
  unreadable[`a directory that may only be passed: ${name}`] = {
    before: (f) => {
      f.write('home/me/file', '1');
      f.chmod('home', 0o311);
      f.write('secret', '1');
      f.chmod('secret', 0o200);
    },
    look: ['nobody', 'read @home/me/file', 'stat @home/opt', 'stat @secret'],
    edit,
    want: 'changed',
  };
}
unreadable['a directory that may only be passed: left alone'] = {
  before: (f) => {
    f.write('home/me/file', '1');
    f.chmod('home', 0o311);
  },
  look: ['nobody', 'read @home/me/file'],
  edit: (f) => f.write('home/new', ''),
  want: 'quiet',
};

/** What the script names, or what JavaScript knows where there is no observer. */
const added: Record<string, Case> = {
  'added, written': { look: [], store: ['add @file'], edit: (f) => f.write('file', 'other'), want: 'changed' },
  'added, appears': { look: [], store: ['add @opt'], edit: (f) => f.write('opt', ''), want: 'changed' },
  'added, a name in it': { look: [], store: ['add @dir'], edit: (f) => f.write('dir/new', ''), want: 'changed' },
  'added, written within the same second of a file system with whole seconds': {
    look: [],
    store: ['whole-seconds', 'other-writes @file hello', 'add @file'],
    edit: (f) => f.write('file', 'hellO'),
    want: 'changed',
  },
  'added within the second, whole seconds, left alone': {
    look: [],
    store: ['whole-seconds', 'other-writes @file hello', 'add @file'],
    want: 'quiet',
  },
  'older than the start': {
    look: [],
    store: ['add-older @file 0'],
    edit: (f) => f.write('file', 'other'),
    want: 'changed',
  },
  'newer than the start': { look: [], store: ['add-older @file 100'], want: 'stillborn' },
  'newer by its change alone': {
    look: [],
    before: (f) => f.age('file'),
    store: ['add-older @file 100'],
    want: 'stillborn',
  },
  'missing since the start': {
    look: [],
    store: ['add-older @opt 100'],
    edit: (f) => f.write('opt', ''),
    want: 'changed',
  },
};

export const cases: Record<string, Case> = {
  ...contents,
  ...changeTimeAlone,
  ...ways,
  ...missing,
  ...existence,
  ...listings,
  ...written,
  ...neverCounted,
  ...timing,
  ...sockets,
  ...withoutEvents,
  ...unreadable,
  ...added,
};
