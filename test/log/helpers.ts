/** A listener for datagrams (Node has none), and the log file of a place. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Place, waitFor } from '../helpers/index.js';

const LISTEN = `use IO::Socket::UNIX; $| = 1;
my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die "cannot bind: $!";
print "listening\\n"; while (defined $socket->recv(my $data, 65536)) { print "$data\\n"; select undef, undef, undef, $ARGV[1] }`;

export class Listener {
  readonly process: ChildProcess;
  readonly path: string;
  #text = '';

  private constructor(path: string, pauseMs: number) {
    this.path = path;
    this.process = spawn('perl', ['-e', LISTEN, path, `${pauseMs / 1000}`], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.process.stdout?.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString();
    });
  }

  /** It ends with the test. `pauseMs`: between one line and the next. */
  static async start(t: Test, place: Place, pauseMs = 0): Promise<Listener> {
    const listener = new Listener(join(place.root, 'syslog'), pauseMs);
    t.teardown(() => listener.stop());
    await waitFor('the listener', () => listener.#text.startsWith('listening\n'));
    return listener;
  }

  /** The datagrams that have come. */
  lines(): string[] {
    return this.#text.split('\n').slice(1, -1);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await gone;
  }
}

export interface Line {
  readonly time: string;
  readonly pid: number;
  readonly script: string;
  readonly text: string;
}

export function logFile(place: Place): string {
  return join(place.root, 'home', '.local', 'state', 'prefork-interp-node', 'log');
}

/** The lines of the log file. Throws when one is not as all should be. */
export function readLog(place: Place, path = logFile(place)): Line[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, time, pid, script, rest] =
        /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\d+) (\S+): (.*)$/.exec(line) ?? [];
      if (time === undefined || script === undefined || rest === undefined)
        throw new Error(`no line of a log: ${line}`);
      return { time, pid: Number(pid), script, text: rest };
    });
}

/** Waits for a line of the log file. */
export function waitForLine(place: Place, text: RegExp): Promise<Line> {
  return waitFor(`a line like ${text} in the log`, () => readLog(place).find((line) => text.test(line.text)));
}
