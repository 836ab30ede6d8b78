/** What a waiting executor does ahead of its call. Its output leads to /dev/null still. */
import process from 'node:process';
import type { Addon } from '../addon.js';
import { becomeCall } from './become-call.js';
import { makeRoomInYoungGeneration } from './garbage.js';
import { forgetRandomness } from './randomness.js';
import { rehearseOutput } from './stdio.js';
import { warmUp } from './warm.js';

/** Runs what a call will run, so that its code is compiled and its memory is this process's own before anyone waits for it. */
export function rehearse(addon: Addon): void {
  addon.makePagesReady();
  becomeCall(addon, { arguments: ['rehearsal'], timeZoneChanged: false, pid: process.pid });
  rehearseOutput(addon);
}

/**
 * In the server, before the first spare: what spares would each do, compile and move again is done once.
 *
 * @returns what the server should say, or null.
 */
export function prepareForSpares(addon: Addon): string | null {
  warmUp(addon);
  const missing = forgetRandomness(addon);
  try {
    makeRoomInYoungGeneration(addon);
  } catch {
    // A script has taken away what Node needs: calls are slower then.
  }
  return missing === null ? null : `calls get the same numbers from Math.random: ${missing}`;
}
