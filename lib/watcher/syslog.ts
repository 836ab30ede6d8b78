/** Sending datagrams to syslog: with unix-dgram where it is installed and was built for this Node, else with the addon. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Addon } from '../addon.js';
import { packageRoot } from '../here.js';

/** The part of unix-dgram that is used. It does not wait: what cannot be sent now is an error. */
interface DatagramSocket {
  on(event: 'error', listener: (error: Error) => void): void;
  send(bytes: Buffer, offset: number, length: number, path: string, done: (error?: Error) => void): void;
}

/** How many lines may wait for a syslog that is busy, and how long until it is asked again. */
const MOST_WAITING = 1000;
const RETRY_MS = 100;

/**
 * Sends lines to a socket. Some wait while it is busy; nothing is said of more that it does not take: they are in the log file. A syslog that was started anew is found again, since each line is sent to the path.
 */
export class Syslog {
  readonly #path: string;
  readonly #addon: Addon;
  readonly #socket: DatagramSocket | undefined;
  #waiting: string[] = [];

  constructor(path: string, addon: Addon) {
    this.#path = path;
    this.#addon = addon;
    this.#socket = openSocket();
  }

  send(message: string): void {
    if (this.#waiting.length === 0 && this.#sendNow(message)) return;
    if (this.#waiting.length === 0) setTimeout(() => this.#retry(), RETRY_MS).unref();
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(message);
  }

  /** One last try. */
  end(): void {
    for (const message of this.#waiting) this.#sendNow(message);
  }

  #retry(): void {
    const sent = this.#waiting.findIndex((message) => !this.#sendNow(message));
    this.#waiting = sent < 0 ? [] : this.#waiting.slice(sent);
    if (this.#waiting.length > 0) setTimeout(() => this.#retry(), RETRY_MS).unref();
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
