/** What of a call only JavaScript can adopt. The native half is native/addon/adopt.c. */
import process from 'node:process';
import type { Addon, AdoptedCall } from '../addon.js';
import { renewStdio } from './stdio.js';

/** Scripts replace functions of Object, and add to the prototype of all objects: a descriptor must not inherit. */
const { defineProperty } = Object;

export function becomeCall(addon: Addon, call: AdoptedCall): void {
  setPid(call.pid);
  setArguments(call.arguments);
  forgetDirectory();
  if (call.timeZoneChanged) announceTimeZone();
  renewStdio(addon);
}

/** In place, since modules have kept references to the array; and without its methods, which a script may have changed. */
function setArguments(words: readonly string[]): void {
  process.argv.length = 2;
  for (let i = 0; i < words.length; i++) process.argv[i + 2] = words[i] as string;
}

/** Node has read it once, at start. */
export function setPid(pid: number): void {
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
