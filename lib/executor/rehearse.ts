/** What a waiting executor does ahead of its call. Its output leads to /dev/null still. */
import { randomInt, randomUUID } from 'node:crypto';
import { format } from 'node:util';
import type { Addon } from '../addon.js';

/** Node makes UUIDs and the bytes for randomInt in advance; the number of UUIDs, and bytes enough to use up the others. */
const UUIDS_AHEAD = 128;
const RANDOM_INTS_AHEAD = 1024;

export function rehearse(_addon: Addon): void {
  dropRandomnessOfServer();
  format('%s %o', 'rehearsal', [1]);
}

/** Siblings have copies of what the server made ahead, and would hand out the same. */
function dropRandomnessOfServer(): void {
  for (let i = 0; i < UUIDS_AHEAD; i++) randomUUID();
  for (let i = 0; i < RANDOM_INTS_AHEAD; i++) randomInt(2);
}
