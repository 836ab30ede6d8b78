/** Sending datagrams to syslog: with unix-dgram where the user has it, built for this Node (an optional peer), else with the addon. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Addon } from '../addon.js';
import { packageRoot } from '../here.js';

/** The part of unix-dgram that is used. It does not wait: what cannot be sent now is an error. */
interface DatagramSocket {
  on(event: 'error', listener: (error: Error) => void): void;
  send(bytes: Buffer, offset: number, length: number, path: string, done: (error?: Error) => void): void;
}

/** How many lines may wait for a syslog that is busy. */
const MOST_WAITING = 1000;
/**
 * How long until it is asked again; then twice as long, each time that it takes none. A container often has no syslog at all: asked ten times a second, it
 * kept the watcher of an idle server awake for ever.
 */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 3_600_000;

/**
 * Sends lines to a socket. Some wait while it is busy; nothing is said of more that it does not take: they are in the log file. A syslog that was started anew is found again, since each line is sent to the path.
 */
export class Syslog {
  readonly #path: string;
  readonly #addon: Addon;
  readonly #socket: DatagramSocket | undefined;
  #waiting: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pause = FIRST_RETRY_MS;

  constructor(path: string, addon: Addon) {
    this.#path = path;
    this.#addon = addon;
    this.#socket = openSocket();
  }

  send(message: string): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(message);
    this.#sendWaiting();
  }

  /** One last try. */
  end(): void {
    for (const message of this.#waiting) this.#sendNow(message);
  }

  #sendWaiting(): void {
    const sent = this.#waiting.findIndex((message) => !this.#sendNow(message));
    // Its queue may be as short as ten lines: while it takes some, it is there, and only busy.
    if (sent !== 0) this.#pause = FIRST_RETRY_MS;
    if (sent < 0) {
      this.#waiting = [];
      return;
    }
    this.#waiting.splice(0, sent);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#pause = Math.min(this.#pause * 2, LAST_RETRY_MS);
      this.#sendWaiting();
    }, this.#pause).unref();
  }

  /** unix-dgram calls back before it returns. */
  #sendNow(message: string): boolean {
    if (!this.#socket) return this.#addon.sendLog(this.#path, message);
    const bytes = Buffer.from(message);
    let failed = false;
    this.#socket.send(bytes, 0, bytes.length, this.#path, (error) => {
      failed = error !== undefined;
    });
    return !failed;
  }
}

function openSocket(): DatagramSocket | undefined {
  try {
    const require = createRequire(join(packageRoot, 'package.json'));
    const unixDgram = require('unix-dgram') as { createSocket(type: 'unix_dgram'): DatagramSocket };
    const socket = unixDgram.createSocket('unix_dgram');
    socket.on('error', () => {});
    return socket;
  } catch {
    return undefined;
  }
}
