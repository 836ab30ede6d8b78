/** What comes from a server on the watcher's stdin, on its way to the log file and to syslog. docs/log.md has the format. */
import type { Addon } from '../addon.js';
import { loadAddon } from '../addon.js';
import { Syslog } from './syslog.js';

/** First character of a line that says who the server is: PID FACILITY SOCKET, a tab, SCRIPT. */
const GREETING = '\x1f';
/** First character of a line that says which socket is to be watched: DEVICE:INODE PATH. */
const SOCKET = '\x1d';
/** First character of a line that the server has written to the file already: SEVERITY PID TEXT. Any other was written to descriptor 1 or 2. */
const RECORD = '\x1e';

/** A line longer than this is cut: output without an end must not fill the memory. */
const LONGEST_LINE = 4096;
/** How many lines may wait for the greeting; more are lost. */
const MOST_WAITING = 100;
/** The severity of what merely was written to the server's stderr. */
const NOTICE = 5;

interface Server {
  readonly pid: number;
  /** -1: nothing goes to syslog. */
  readonly facility: number;
  readonly socket: string;
  readonly script: string;
}

export class Log {
  readonly #addon = loadOrNot();
  #rest = '';
  #server: Server | undefined;
  #syslog: Syslog | undefined;
  #waiting: string[] = [];
  readonly #watch: (path: string, identity: string) => void;

  /** `watch` is called when the server says which socket is its own. */
  constructor(watch: (path: string, identity: string) => void) {
    this.#watch = watch;
  }

  /** Takes what was read; lines need not be whole. */
  take(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') this.#hear(line);
    if (this.#rest.length > LONGEST_LINE) {
      this.#hear(this.#rest.slice(0, LONGEST_LINE));
      this.#rest = '';
    }
  }

  /** Nothing more will come. */
  end(): void {
    if (this.#rest !== '') this.#hear(this.#rest);
    this.#rest = '';
    // A server that was ended before it said who it is.
    this.#meet({ pid: 0, facility: -1, socket: '', script: '-' });
    this.#syslog?.end();
  }

  #hear(line: string): void {
    const text = Buffer.from(line, 'latin1').toString();
    if (text.startsWith(SOCKET)) this.#hearOfSocket(text.slice(SOCKET.length));
    else if (text.startsWith(GREETING)) this.#meet(parseGreeting(text.slice(GREETING.length)));
    else if (this.#server) this.#passOn(this.#server, text);
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push(text);
  }

  #hearOfSocket(text: string): void {
    const [, identity, path] = /^(\d+:\d+) (.+)$/s.exec(text) ?? [];
    if (identity !== undefined && path !== undefined) this.#watch(path, identity);
  }

  #meet(server: Server | undefined): void {
    if (this.#server || !server) return;
    this.#server = server;
    if (this.#addon && server.facility >= 0) this.#syslog = new Syslog(server.socket, this.#addon);
    for (const line of this.#waiting) this.#passOn(server, line);
    this.#waiting = [];
  }

  #passOn(server: Server, line: string): void {
    const record = line.startsWith(RECORD) ? parseRecord(line.slice(RECORD.length)) : undefined;
    const { severity, pid, text } = record ?? { severity: NOTICE, pid: server.pid, text: `output: ${line}` };
    if (!record) this.#addon?.appendLog(pid, server.script, text);
    if (this.#addon && this.#syslog)
      this.#syslog.send(this.#addon.syslogMessage(server.facility | severity, pid, server.script, text));
  }
}

/** Without it there would be no server; but its end must still be seen. */
function loadOrNot(): Addon | undefined {
  try {
    return loadAddon();
  } catch {
    return undefined;
  }
}

function parseGreeting(text: string): Server | undefined {
  const [, pid, facility, socket, script] = /^(\d+) (-?\d+) ([^\t]*)\t(.*)$/s.exec(text) ?? [];
  if (pid === undefined || socket === undefined || script === undefined) return undefined;
  return { pid: Number(pid), facility: Number(facility), socket, script };
}

function parseRecord(line: string): { severity: number; pid: number; text: string } | undefined {
  const [, severity, pid, text] = /^([0-7]) (\d+) (.*)$/s.exec(line) ?? [];
  return text === undefined ? undefined : { severity: Number(severity), pid: Number(pid), text };
}
