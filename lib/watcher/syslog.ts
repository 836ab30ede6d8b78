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

/**
 * Sends lines to a socket. Nothing is queued, and nothing is said of a line that syslog does not take: it is in the log file, and to wait for
 * syslog would be to fill the memory. A syslog that was started anew is found again, since each line is sent to the path.
 */
export class Syslog {
  readonly #path: string;
  readonly #addon: Addon;
  readonly #socket: DatagramSocket | undefined;

  constructor(path: string, addon: Addon) {
    this.#path = path;
    this.#addon = addon;
    this.#socket = openSocket();
  }

  send(message: string): void {
    if (!this.#socket) {
      this.#addon.sendLog(this.#path, message);
      return;
    }
    const bytes = Buffer.from(message);
    this.#socket.send(bytes, 0, bytes.length, this.#path, () => {});
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
