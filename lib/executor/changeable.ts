/** What a call has to change of `process`, and what a script may have frozen. */
import process from 'node:process';
import { isOutOfReach, streamNames } from './stream-properties.js';

const { getOwnPropertyDescriptor, isExtensible } = Object;
const { isArray } = Array;

/** In process.argv, Node and the script come first: they are the same in every call. */
const FIRST_ARGUMENT = 2;

/** Returns null, or the name of something that a call could not be given: then this process can only be the call that it was started for. */
export function findUnchangeable(): string | null {
  if (!isChangeable('pid')) return 'process.pid';
  // In the server, for a while.
  if (!isChangeable('nextTick')) return 'process.nextTick';
  return isChangeableArray(process.argv) ? findStreamOutOfReach() : 'process.argv';
}

/** A standard stream that even the call that this process was started for could not be given. */
export function findStreamOutOfReach(): string | null {
  for (let i = 0; i < streamNames.length; i++) {
    const name = streamNames[i];
    if (name && isOutOfReach(name)) return `process.${name}`;
  }
  return null;
}

function isChangeable(name: 'pid' | 'nextTick'): boolean {
  return getOwnPropertyDescriptor(process, name)?.configurable !== false;
}

/** What is no array is the script's own, and stays. */
function isChangeableArray(list: unknown): boolean {
  if (!isArray(list)) return true;
  if (!isExtensible(list) || getOwnPropertyDescriptor(list, 'length')?.writable !== true) return false;
  for (let i = FIRST_ARGUMENT; i < list.length; i++) {
    if (getOwnPropertyDescriptor(list, i)?.configurable === false) return false;
  }
  return true;
}
