/**
 * The standard streams of a call.
 *
 * Node makes process.stdin, stdout and stderr at first touch, of the kind that the descriptor then has, and keeps them in variables that
 * nothing outside reaches. Initialisation may have touched them, so the executor's own (stream-properties.ts) do what Node's do
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
import { isNodes, leadTo, streamOfInitialisation, wasOpened } from './stream-properties.js';

/** Scripts replace functions of Object. */
const { assign, getOwnPropertyDescriptor } = Object;
const { set } = Reflect;

type Output = NodeJS.WriteStream & { _type?: string; _isStdio?: boolean; _refreshSize?(): void; _undestroy(): void };
type WritableConstructor = new (descriptor: number, options: { autoClose: boolean }) => Writable;

let fileStream: WritableConstructor | undefined;
/** Whether what the console writes to is what process.stdout and stderr were in initialisation. */
let consoleHolds: { _stdout: boolean; _stderr: boolean } | undefined;
let kept: { stdout: KeptOutput | undefined; stderr: KeptOutput | undefined } | undefined;

/**
 * In the server, whose descriptors 0 to 2 lead to /dev/null: finds the class that Node uses for output to files, which it exports
 * nowhere, by touching the streams.
 */
export function prepareStdio(): void {
  const stdout = streamOfInitialisation('stdout') as NodeJS.WriteStream | undefined;
  const stderr = streamOfInitialisation('stderr') as NodeJS.WriteStream | undefined;
  keepFileStream(stdout);
  keepFileStream(stderr);
  try {
    keepTerminals();
    kept = { stdout: stdout && keepOutput(stdout), stderr: stderr && keepOutput(stderr) };
  } catch {
    // A script has taken away what Node needs: calls do without.
  }
}

function keepFileStream(stream: NodeJS.WriteStream | undefined): void {
  if (stream?.constructor.name === 'SyncWriteStream')
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
  consoleHolds ??= { _stdout: holdsNodes('_stdout', 'stdout'), _stderr: holdsNodes('_stderr', 'stderr') };
  leadTo('stdin', () => openInput(addon, 0));
  leadTo('stdout', () => openKept('stdout', addon, 1));
  leadTo('stderr', () => openKept('stderr', addon, 2));
  if (consoleHolds._stdout) set(console, '_stdout', undefined);
  if (consoleHolds._stderr) set(console, '_stderr', undefined);
}

/**
 * The global console keeps the streams that it has written to, behind accessors that take another, also where it is frozen; given none, it asks process again. What
 * the script has given it stays. (To ask the console what it holds has it open the stream: so only where that is open already.)
 */
function holdsNodes(property: '_stdout' | '_stderr', name: 'stdout' | 'stderr'): boolean {
  if (!wasOpened(name) || !isNodes(name) || !getOwnPropertyDescriptor(console, property)?.set) return false;
  return (console as unknown as Record<string, unknown>)[property] === streamOfInitialisation(name);
}

function openKept(name: 'stdout' | 'stderr', addon: Addon, descriptor: number): Output {
  const stream = openOutput(addon, descriptor);
  const ofInitialisation = kept?.[name];
  if (ofInitialisation) giveKept(stream, ofInitialisation);
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
