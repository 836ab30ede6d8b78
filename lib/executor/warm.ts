/**
 * What a call runs of Node's own and of ours is compiled before the first spare is forked.
 *
 * V8 compiles a function when it is first called. The server stops in the middle of a script, so much of what every call runs later has
 * never run in it, and each executor would compile it anew while its client waits: for a script that prints a line into a pipe some thirty functions.
 * So the server opens streams of each kind once, and writes and reads a little. Nothing of the script runs here.
 */
import console, { Console } from 'node:console';
import { closeSync, openSync } from 'node:fs';
import process from 'node:process';
import type { Readable } from 'node:stream';
import type { Addon } from '../addon.js';
import { becomeCall } from './become-call.js';
import { openInput, openOutput, rehearseOutput } from './stdio.js';
import { isNodes, type StreamName, streamNames } from './stream-properties.js';
import { putOffTicks } from './ticks.js';

type Handle = { close(): void; unref(): void; onread(bytes: ArrayBuffer): void };
type OnSocket = { _handle: Handle };

/** As libuv makes them for reading, in bytes. */
const BUFFER_SIZE = 65536;
/** V8 keeps record of what a function meets, and compiles it a second time, once it has run so often. */
const ROUNDS = 20;

/** In the server. What fails here is merely compiled later. */
export function warmUp(addon: Addon): void {
  const putOff = putOffTicks();
  try {
    becomeCall(addon, { arguments: ['rehearsal'], timeZoneChanged: false, pid: process.pid });
    touchStreams();
    writeToFile(addon);
    for (const use of [flow, iterate]) useSocket(addon, use, putOff.run);
  } catch {
    // A script has taken away what Node needs.
  } finally {
    putOff.end();
  }
}

function touchStreams(): void {
  const { _stdout, _stderr } = console as unknown as { _stdout: unknown; _stderr: unknown };
  void [_stdout, _stderr];
  for (let i = 0; i < streamNames.length; i++) {
    const name = streamNames[i] as StreamName;
    if (!isNodes(name)) continue;
    // The server's outputs lead to its log, which is a pipe.
    letGo((process[name] as unknown as Partial<OnSocket> | undefined)?._handle);
  }
}

function writeToFile(addon: Addon): void {
  const descriptor = openSync('/dev/null', 'w');
  try {
    rehearseOutput(addon, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A socket and a pipe are the same to Node, as soon as they are open. */
function useSocket(addon: Addon, use: (input: Readable) => void, runTicks: () => void): void {
  const [one, other] = addon.socketPair();
  const output = openOutput(addon, one);
  const input = openInput(addon, other);
  const handles = [output, input].map((stream) => (stream as unknown as OnSocket)._handle) as Handle[];
  // Else its end would put off something that no tick but the event loop runs.
  input._destroy = (error, done) => done(error);
  try {
    const console = new Console({ stdout: output, stderr: output });
    input.on('error', () => {});
    input.setEncoding('utf8');
    use(input);
    runTicks();
    handles[1]?.onread(new ArrayBuffer(BUFFER_SIZE));
    for (let i = 0; i < ROUNDS; i++) {
      console.log('line');
      console.error('%s %o', 'line', [1]);
      output.write('line', () => {});
      input.push('line');
      input.push('line');
      input.read();
      runTicks();
    }
    input.push(null);
    runTicks();
  } finally {
    for (const handle of handles) letGo(handle);
  }
}

/** A handle is gone only when the event loop has run: until then calls are not to find it among their own. */
function letGo(handle: Handle | null | undefined): void {
  handle?.unref();
  handle?.close();
}

function flow(input: Readable): void {
  input.on('data', () => {});
  input.on('end', () => {});
}

/** Nothing that comes may wake it: it would go on as the first thing in every call. */
function iterate(input: Readable): void {
  void input[Symbol.asyncIterator]().next();
  input.removeAllListeners();
}
