/** What a waiting executor does ahead of its call. Its output leads to /dev/null still. */
import { randomInt, randomUUID } from 'node:crypto';
import type { Addon } from '../addon.js';
import { becomeCall } from './become-call.js';
import { rehearseOutput } from './stdio.js';

/** Node makes UUIDs and the bytes for randomInt in advance; the number of UUIDs, and bytes enough to use up the others. */
const UUIDS_AHEAD = 128;
const RANDOM_INTS_AHEAD = 1024;

/** Runs what a call will run, so that its code is compiled and its memory is this process's own before anyone waits for it. */
export function rehearse(addon: Addon): void {
  dropRandomnessOfServer();
  becomeCall(addon, { arguments: process.argv.slice(2), timeZoneChanged: false, pid: process.pid });
  rehearseOutput(addon);
}

/** Siblings have copies of what the server made ahead, and would hand out the same. */
function dropRandomnessOfServer(): void {
  for (let i = 0; i < UUIDS_AHEAD; i++) randomUUID();
  for (let i = 0; i < RANDOM_INTS_AHEAD; i++) randomInt(2);
}
