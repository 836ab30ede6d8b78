/**
 * The standard streams of a call.
 *
 * Node makes process.stdin, stdout and stderr at first touch, of the kind that the descriptor then has, and keeps them in variables that
 * nothing outside reaches. Initialisation may have touched them, so the executor gets getters of its own, which do what Node's do
 * (lib/internal/bootstrap/switches/is_main_thread.js, the same from 20 to 26 in all that counts) at the call's first touch.
 */
import console, { Console } from 'node:console';
import { createReadStream, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';
import { Readable, Writable } from 'node:stream';
import * as tty from 'node:tty';
import type { Addon } from '../addon.js';
import { giveKept, type KeptOutput, keepOutput, keepTerminals, leadKeptTerminals } from './kept-streams.js';

/** Scripts replace functions of Object, and add to the prototype of all objects: a descriptor must not inherit. */
const { assign, defineProperty } = Object;
const { defineProperty: definePropertyIfPossible } = Reflect;

type Output = NodeJS.WriteStream & { _type?: string; _isStdio?: boolean; _refreshSize?(): void; _undestroy(): void };
type WritableConstructor = new (descriptor: number, options: { autoClose: boolean }) => Writable;

let fileStream: WritableConstructor | undefined;
let kept: { stdout: KeptOutput; stderr: KeptOutput } | undefined;

/**
 * In the server, whose descriptors 0 to 2 lead to /dev/null: finds the class that Node uses for output to files, which it exports
 * nowhere, by touching the streams.
 */
export function prepareStdio(): void {
  keepFileStream(process.stdout);
  keepFileStream(process.stderr);
  try {
    keepTerminals();
    kept = { stdout: keepOutput(process.stdout), stderr: keepOutput(process.stderr) };
  } catch {
    // A script has taken away what Node needs: calls do without.
  }
}

function keepFileStream(stream: NodeJS.WriteStream): void {
  if (stream.constructor.name === 'SyncWriteStream')
    fileStream ??= stream.constructor as unknown as WritableConstructor;
}

/** Writes a line as console.log does, to a descriptor of /dev/null. (By a console of its own: the script may have put another in the place of the global one.) */
export function rehearseOutput(addon: Addon, descriptor: number): void {
  try {
    new Console({ stdout: openOutput(addon, descriptor) }).log('%s %o', 'rehearsal', [1]);
  } catch {
    // A script has taken away what Node's console needs: then only a call that writes may fail.
  }
}

/** In an executor: streams and console belong to the call from here on. */
export function renewStdio(addon: Addon): void {
  leadKeptTerminals(addon);
  let stdin: Readable | undefined;
  let stdout: Output | undefined;
  let stderr: Output | undefined;
  define('stdin', function getStdin() {
    stdin ??= openInput(addon, 0);
    return stdin;
  });
  define('stdout', function getStdout() {
    stdout ??= openKept('stdout', addon, 1);
    return stdout;
  });
  define('stderr', function getStderr() {
    stderr ??= openKept('stderr', addon, 2);
    return stderr;
  });
  renewConsole('_stdout', () => process.stdout);
  renewConsole('_stderr', () => process.stderr);
}

function define(name: 'stdin' | 'stdout' | 'stderr', get: () => unknown): void {
  defineProperty(process, name, { __proto__: null, configurable: true, enumerable: true, get } as PropertyDescriptor);
}

/** The global console keeps the streams it has written to. */
function renewConsole(name: '_stdout' | '_stderr', open: () => unknown): void {
  let stream: unknown;
  // It is frozen under --frozen-intrinsics; then it has kept none, if it was not used.
  definePropertyIfPossible(console, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() {
      stream ??= open();
      return stream;
    },
    set(value) {
      stream = value;
    },
  } as PropertyDescriptor);
}

function openKept(name: 'stdout' | 'stderr', addon: Addon, descriptor: number): Output {
  const stream = openOutput(addon, descriptor);
  if (kept) giveKept(stream, kept[name]);
  return stream;
}

/** What Node would make of descriptor 1 or 2, for any descriptor. */
export function openOutput(addon: Addon, descriptor: number): Output {
  const stream = openWritable(addon, descriptor);
  assign(stream, { fd: descriptor, _isStdio: true });
  stream.destroySoon = stream.destroy;
  stream._destroy = dummyDestroy;
  if (stream.isTTY) process.on('SIGWINCH', () => stream._refreshSize?.());
  return stream;
}

function openWritable(addon: Addon, descriptor: number): Output {
  switch (addon.kindOf(descriptor)) {
    case 'tty':
      return assign(new tty.WriteStream(descriptor), { _type: 'tty' }) as unknown as Output;
    case 'file': {
      const stream = new (fileStream ?? SyncWriteStream)(descriptor, { autoClose: false });
      return assign(stream, { _type: 'fs' }) as unknown as Output;
    }
    case 'pipe':
    case 'tcp': {
      const stream = new Socket({ fd: descriptor, readable: false, writable: true });
      return assign(stream, { _type: 'pipe' }) as unknown as Output;
    }
    default:
      return new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as Output;
  }
}

/**
 * Stands in for Node's own class where initialisation had touched both outputs, neither of them a file. It has that class's name and
 * properties, which scripts print.
 */
class SyncWriteStream extends Writable {
  fd: number;
  readable = false;
  autoClose: boolean;

  constructor(descriptor: number, { autoClose }: { autoClose: boolean }) {
    super({ autoDestroy: true });
    this.fd = descriptor;
    this.autoClose = autoClose;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    try {
      writeSync(this.fd, chunk, 0, chunk.length);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }
}

/** The descriptors are never closed, but closing is seen. */
function dummyDestroy(this: Output, error: Error | null, done: (error?: Error | null) => void): void {
  done(error);
  this._undestroy();
  const state = (this as unknown as { _writableState: { emitClose: boolean } })._writableState;
  if (!state.emitClose) process.nextTick(() => this.emit('close'));
}

type Input = Readable & {
  fd?: number;
  _handle?: { reading: boolean; readStop?(): void };
  _readableState: { reading: boolean };
};

/** What Node would make of descriptor 0, for any descriptor. */
export function openInput(addon: Addon, descriptor: number): Readable {
  const stdin = openReadable(addon, descriptor) as Input;
  stdin.fd = descriptor;
  // It starts out paused, but does not know yet.
  if (stdin._handle?.readStop) {
    stdin._handle.reading = false;
    stdin._readableState.reading = false;
    stdin._handle.readStop();
  }
  // After pause() reading stops one tick later, so that the process can end.
  stdin.on('pause', () => process.nextTick(stopReading));
  function stopReading(): void {
    if (!stdin._handle?.reading || stdin.readableFlowing) return;
    stdin._readableState.reading = false;
    stdin._handle.reading = false;
    stdin._handle.readStop?.();
  }
  return stdin;
}

function openReadable(addon: Addon, descriptor: number): Readable {
  switch (addon.kindOf(descriptor)) {
    case 'tty':
      return new tty.ReadStream(descriptor);
    case 'file':
      return createReadStream('', { fd: descriptor, autoClose: false });
    case 'pipe':
    case 'tcp': {
      const options = { fd: descriptor, readable: true, writable: false, manualStart: true };
      const socket = new Socket(options) as Socket & { _writableState: { ended: boolean } };
      // It cannot be end()ed.
      socket._writableState.ended = true;
      return socket;
    }
    default: {
      const empty = new Readable({ read() {} });
      empty.push(null);
      return empty;
    }
  }
}
