/** What a waiting executor does ahead of its call. Its output leads to /dev/null still. */
import process from 'node:process';
import type { Addon } from '../addon.js';
import { becomeCall } from './become-call.js';
import { makeRoomInYoungGeneration } from './garbage.js';
import { forgetRandomness } from './randomness.js';
import { rehearseOutput } from './stdio.js';
import { warmUp } from './warm.js';

/** So many moments V8's workers get (5 ms each). */
const PATIENCE = 10;

/** Runs what a call will run, so that its code is compiled and its memory is this process's own before anyone waits for it. */
export function rehearse(addon: Addon): void {
  addon.makePagesReady();
  becomeCall(addon, { arguments: ['rehearsal'], timeZoneChanged: false, pid: process.pid });
  rehearseOutput(addon, 1);
}

/**
 * In the server, before the first spare: what spares would each do, compile and move again is done once.
 *
 * @returns what the server should say, or null.
 */
export function prepareForSpares(addon: Addon): string | null {
  forgetArguments();
  warmUp(addon);
  const missing = forgetRandomness(addon);
  try {
    makeRoomInYoungGeneration(addon);
  } catch {
    // A script has taken away what Node needs: calls are slower then.
  }
  finishCompiling(addon);
  return missing === null ? null : `calls get the same numbers from Math.random: ${missing}`;
}

/** The first caller's: his call has them. */
function forgetArguments(): void {
  try {
    process.argv.length = 2;
  } catch {
    // Frozen: each call gets another array.
  }
}

/**
 * V8 compiles functions that run often once more, on its workers, and puts the result to use when JavaScript is entered next. What is not done by then every spare would
 * have done again by workers of its own, or would at least put to use: that was 3 % of a one-line script under load. The limit is for workers that wait for more than that.
 */
function finishCompiling(addon: Addon): void {
  for (let i = 0; i < PATIENCE && !addon.finishTasks(); i++) serveInterrupts();
  serveInterrupts();
}

/**
 * Entering a JavaScript function serves what V8's workers ask of the main thread: a worker whose allocation failed waits for a garbage
 * collection here, while the fork waits for that worker (docs/fork.md).
 */
export function serveInterrupts(): void {}
