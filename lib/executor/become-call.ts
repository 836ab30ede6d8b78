/** What of a call only JavaScript can adopt. The native half is native/addon/adopt.c. */
import process from 'node:process';
import type { Addon, AdoptedCall } from '../addon.js';
import { renewStdio } from './stdio.js';

/** Scripts replace functions of Object, and add to the prototype of all objects: a descriptor must not inherit. */
const { defineProperty } = Object;
const { isArray } = Array;

export function becomeCall(addon: Addon, call: AdoptedCall): void {
  setPid(call.pid);
  setArguments(call.arguments);
  forgetDirectory();
  if (call.timeZoneChanged) announceTimeZone();
  renewStdio(addon);
}

/** In place, since modules have kept references to the array; and without its methods, which a script may have changed. */
function setArguments(words: readonly string[]): void {
  const { argv } = process;
  if (!isArray(argv) || hasArguments(argv, words)) return;
  argv.length = 2;
  for (let i = 0; i < words.length; i++) argv[i + 2] = words[i] as string;
}

/** In a call that was not forked: it may be frozen. */
function hasArguments(argv: readonly string[], words: readonly string[]): boolean {
  if (argv.length !== words.length + 2) return false;
  for (let i = 0; i < words.length; i++) if (argv[i + 2] !== words[i]) return false;
  return true;
}

/** Node has read it once, at start. */
export function setPid(pid: number): void {
  if (process.pid === pid) return;
  defineProperty(process, 'pid', {
    __proto__: null,
    value: pid,
    enumerable: true,
    configurable: true,
    writable: false,
  } as PropertyDescriptor);
}

/** Node remembers the current directory until it changes it itself. */
function forgetDirectory(): void {
  try {
    process.chdir('.');
  } catch {
    // A directory that may not be entered: process.cwd() finds that out by itself.
  }
}

/** The environment has been replaced behind V8's back; an assignment tells it to read TZ again. */
function announceTimeZone(): void {
  const zone = process.env['TZ'];
  if (zone === undefined) {
    process.env['TZ'] = '';
    delete process.env['TZ'];
  } else {
    process.env['TZ'] = zone;
  }
}
