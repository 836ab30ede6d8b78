/** The addon's exports (native/addon/addon.c), typed. */
import { Buffer } from 'node:buffer';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from './here.js';

/** Taken at load: a script may put something else in the place of the global, and to import node:process as a module makes the standard streams. */
const { arch } = process;

/** A call that the executor has become, as far as native code can make it. */
export interface AdoptedCall {
  /** The arguments after the script. */
  arguments: string[];
  /** TZ differs from what it was in the server. */
  timeZoneChanged: boolean;
  /** Pid of this process. */
  pid: number;
}

/** What the native server needs to know. Descriptors are numbers; absent ones -1. */
export interface ServerOptions {
  listener: number;
  firstCall: number;
  watcherIn: number;
  watcherError: number;
  monitorProgram: number;
  extended: boolean;
  spares: number;
  /** 0: no limit. */
  maxCalls: number;
  /** 0: never. */
  idleSeconds: number;
  script: string;
  /** How many words of the command line stand between node and the script. */
  interpreterArguments: number;
}

/** Where lines of a server go, beside the log file. */
export interface LogOptions {
  script: string;
  /** As in syslog.h; -1: not to syslog. */
  facility: number;
  /** Where syslog listens. */
  socket: string;
  /** Write end of the stdin of a watcher that passes lines on, or -1. */
  watcher: number;
}

/** What became of a server's name. */
export interface Name {
  /** Of the socket. Null, when it cannot be told. */
  path: string | null;
  /** It may listen there; else this process can only be its first call. */
  served: boolean;
  /** Why it may not; empty where another server of this name is there. */
  problem: string;
  /** What the name is made of, a line each; empty where it was given. */
  parts: string;
  /** How many files initialisation looked at. */
  files: number;
}

export type DescriptorKind = 'tty' | 'file' | 'pipe' | 'tcp' | 'udp' | 'unknown';

export interface Addon {
  /** Takes over V8's worker threads. Null, or why forking cannot be done. */
  startEngine(): string | null;
  /**
   * Null, or what is open or running that forks cannot share. `ours` are the launcher's descriptors; null where others that it let through
   * may be open still, and files and sockets are not looked at. `notes`: the observer's descriptor, or -1.
   */
  unforkable(ours: number[] | null, notes: number): string | null;
  /**
   * Fills the staleness store from the observer's notes (a descriptor, or -1) and from file names. `since` is given where there is no
   * observer: files changed after it count as edited. Returns whether the notes were whole.
   */
  note(notes: number, files: string[], since: [number, number] | null): boolean;
  /** Writes the noted files to `path` with `reason`, for the launcher: for a while this script is not to be tried, unless one of them changes. */
  writeUnforkable(path: string, reason: string): boolean;
  /**
   * Publishes what initialisation looked at, and moves the listening socket to the name that this gives it (docs/design.md); where the
   * script is not forkable it only publishes. `ignored`: the option ignoreVariables.
   */
  takeName(listener: number, notes: number, forkable: boolean, ignored: readonly string[]): Name;
  /** Takes the name away and closes the socket: who waits there starts over. */
  giveUpName(listener: number): void;
  /** Leaves the caller's session and descriptors. Null, or why not. */
  becomeServer(options: ServerOptions): string | null;
  /**
   * Serves. 'spare' and 'first': this process is a forked executor, without a call, or for the first call. 'calm', once: the first call is
   * under way, and what makes later ones faster can be done now. 'busy': V8's workers need JavaScript to run once before the next fork.
   * After the last two, call again.
   */
  serve(): 'spare' | 'first' | 'calm' | 'busy';
  /** In the server: gives V8's workers a moment (5 ms). Whether they have done all that they had to. */
  finishTasks(): boolean;
  /** In a spare: whether a caller waits, or comes within the moment that a busy server gives it. Then there is no time left to rehearse. */
  isCalled(): boolean;
  /** In a spare: has the kernel give it the pages that calls touch. */
  makePagesReady(): void;
  /** Collects the garbage of V8's young generation, or of the whole heap. V8 ends the process where its flag --expose-gc is not set. False: it cannot be asked. */
  collect(young: boolean): boolean;
  /**
   * In the server: every context takes a new seed at its next Math.random, and what seeds come from is each later fork's own. `ofNewContext` is of a
   * context made just now, which has called Math.random once. Null, or that something of V8 was not found.
   */
  forgetSeeds(ofNewContext: object): string | null;
  /** Waits for a call and becomes it. */
  awaitCall(): AdoptedCall;
  /** In a setup that cannot fork: becomes the first call. Null when the client went away. */
  adoptFirstCall(connection: number, reason: string): AdoptedCall | null;
  /**
   * Under a launcher of version 1: the process goes on as a child, its parent exits with 0. Null in the child; 'busy' when JavaScript has to
   * run once before; else why it cannot be done.
   */
  leaveParent(): string | null;
  /** From here on lines of this process and its forks go to the log (docs/log.md). */
  openLog(options: LogOptions): void;
  /** Says a line. Severity as in syslog.h. */
  log(severity: number, text: string): void;
  /** Writes a line of another process to the log file. */
  appendLog(pid: number, script: string, text: string): void;
  /** What syslog is to be sent for a line; `priority` is facility and severity. */
  syslogMessage(priority: number, pid: number, script: string, text: string): string;
  /** Sends it. Returns whether that could be done without waiting. */
  sendLog(socket: string, message: string): boolean;
  /** Takes the lock file of this name in a run directory, without waiting: a descriptor. Null where somebody has it, or it cannot be had. */
  lockEntry(directory: string, name: string): number | null;
  unlockEntry(lock: number): void;
  /** Whether an entry has a name that servers give; others may keep something in a run directory as well. */
  isEntryOurs(directory: string, name: string): boolean;
  /** Removes a socket under the letter s, a file under any other; leaves alone what else is there. Null, or why it could not be removed. */
  removeEntry(directory: string, name: string): string | null;
  /** Of which kind Node takes a descriptor to be. */
  kindOf(descriptor: number): DescriptorKind;
  /** Lets a number lead to where another descriptor leads. */
  lead(number: number, descriptor: number): void;
  /** Two connected sockets of the Unix domain. */
  socketPair(): [number, number];
}

/**
 * Loads the addon for this machine.
 *
 * @throws {Error} when there is none, or it is not whole, or it does not load.
 */
export function loadAddon(): Addon {
  const path = join(libraryDirectory(), 'prefork-interp.node');
  if (isCutShort(path)) throw new Error(`${path} is cut short`);
  return createRequire(join(packageRoot, 'package.json'))(path) as Addon;
}

/** Of an ELF file of 64 bits: where its table of sections begins, and the size and number of its entries. */
const ELF = { headerSize: 64, table: 0x28, entrySize: 0x3a, entries: 0x3c } as const;

/** To map what a file does not have kills the process (SIGBUS). The table of sections comes last in it. */
function isCutShort(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const header = Buffer.alloc(ELF.headerSize);
    if (readSync(descriptor, header, 0, ELF.headerSize, 0) < ELF.headerSize) return true;
    const end =
      Number(header.readBigUInt64LE(ELF.table)) + header.readUInt16LE(ELF.entrySize) * header.readUInt16LE(ELF.entries);
    return fstatSync(descriptor).size < end;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Where launcher and monitor for this machine lie. They are static programs, the same for every C library. (Node's own `join` calls methods
 * of arrays, which a script may have deleted.)
 */
export function programDirectory(): string {
  return `${packageRoot}/prebuilds/linux-${arch}`;
}

/** Where observer and addon lie, which are loaded into Node and so are built for its C library. */
function libraryDirectory(): string {
  return isMusl() ? `${programDirectory()}-musl` : programDirectory();
}

/** musl's loader is its C library, so it is mapped into every process of it. Node's own report would take 20 ms. */
function isMusl(): boolean {
  return readFileSync('/proc/self/maps', 'latin1').includes('/ld-musl-');
}
