/**
 * What initialisation has of the standard streams. Where it has touched them it holds streams of Node's, whose place others have in a call
 * (stdio.ts).
 */
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { Addon } from '../addon.js';
import { streamOfInitialisation } from './stream-properties.js';
import { putOffTicks } from './ticks.js';

/** Scripts replace functions of Object, and take the iterator away from arrays. */
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { ownKeys } = Reflect;

/**
 * Listeners ("error", for readers that leave), methods of its own, the number of listeners that is no mistake. In a plain run all that is
 * there still when the call begins, so a call's own outputs get it too.
 */
export interface KeptOutput {
  readonly listeners: readonly KeptListener[];
  readonly methods: readonly KeptMethod[];
  readonly maxListeners: number | undefined;
}

type KeptListener = { readonly event: string | symbol; readonly listener: Listener; readonly once: boolean };
type KeptMethod = { readonly name: string | symbol; readonly property: PropertyDescriptor };
type Listener = (...values: unknown[]) => void;
type RawListener = Listener & { listener?: Listener };

type TerminalHandle = { readonly fd: number; getWindowSize(size: number[]): number };
type TerminalStream = { isTTY?: boolean; _handle?: TerminalHandle | null; columns?: number; rows?: number };

/** libuv opens a terminal anew, under another number; in the server that leads to /dev/null. */
interface HeldTerminal {
  readonly stream: TerminalStream;
  readonly handle: TerminalHandle;
  readonly number: number;
  readonly standard: number;
}

const heldTerminals: HeldTerminal[] = [];

/** In the server: what initialisation has kept of a terminal's stream (a logger, a console of its own) is to lead to the terminal of the call. */
export function keepTerminals(): void {
  const outputs = [streamOfInitialisation('stdout'), streamOfInitialisation('stderr')];
  const streams = [touchInput(), ...outputs] as (TerminalStream | undefined)[];
  for (let standard = 0; standard < streams.length; standard++) {
    const stream = streams[standard];
    const handle = stream?._handle;
    if (!stream?.isTTY || !handle || handle.fd <= 2) continue;
    heldTerminals[heldTerminals.length] = { stream, handle, number: handle.fd, standard };
  }
}

/** Where initialisation has not touched it, it is made here, and asks for a tick. */
function touchInput(): unknown {
  const putOff = putOffTicks();
  try {
    const stdin = streamOfInitialisation('stdin');
    putOff.run();
    return stdin;
  } catch {
    // A script has taken away what Node needs.
    return undefined;
  } finally {
    putOff.end();
  }
}

/** In an executor. */
export function leadKeptTerminals(addon: Addon): void {
  for (let i = 0; i < heldTerminals.length; i++) {
    const { stream, handle, number, standard } = heldTerminals[i] as HeldTerminal;
    addon.lead(number, standard);
    const size: number[] = [];
    if (standard === 0 || handle.getWindowSize(size) !== 0) continue;
    stream.columns = size[0] as number;
    stream.rows = size[1] as number;
  }
}

/** In the server: the stream is Node's own. */
export function keepOutput(stream: Writable): KeptOutput {
  const { _maxListeners: maxListeners } = stream as unknown as { _maxListeners?: number };
  return { listeners: keepListeners(stream), methods: keepMethods(stream), maxListeners };
}

function keepListeners(stream: Writable): KeptListener[] {
  const kept: KeptListener[] = [];
  const events = stream.eventNames();
  // Last those that hear of the others.
  for (let i = 0; i < events.length; i++) if (!hearsOfListeners(events[i])) addListeners(kept, stream, events[i]);
  for (let i = 0; i < events.length; i++) if (hearsOfListeners(events[i])) addListeners(kept, stream, events[i]);
  return kept;
}

function hearsOfListeners(event: string | symbol | undefined): boolean {
  return event === 'newListener' || event === 'removeListener';
}

function addListeners(kept: KeptListener[], stream: Writable, event: string | symbol | undefined): void {
  // Every socket has one from the beginning.
  const ofNode = event === 'end' ? new Socket().listeners(event)[0] : undefined;
  const listeners = stream.rawListeners(event as string | symbol) as RawListener[];
  for (let i = 0; i < listeners.length; i++) {
    const raw = listeners[i] as RawListener;
    const listener = raw.listener ?? raw;
    if (listener !== ofNode) kept[kept.length] = { event: event as string | symbol, listener, once: raw !== listener };
  }
}

function keepMethods(stream: Writable): KeptMethod[] {
  const kept: KeptMethod[] = [];
  const names = ownKeys(stream);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string | symbol;
    const property = getOwnPropertyDescriptor(stream, name) as PropertyDescriptor;
    const isOfNode = name === 'destroySoon' || name === '_destroy';
    if (typeof property.value === 'function' && !isOfNode) kept[kept.length] = { name, property };
  }
  return kept;
}

/** In an executor, with the stream that the call has in its place. */
export function giveKept(stream: Writable, { listeners, methods, maxListeners }: KeptOutput): void {
  if (maxListeners !== undefined) stream.setMaxListeners(maxListeners);
  for (let i = 0; i < listeners.length; i++) {
    const { event, listener, once } = listeners[i] as KeptListener;
    if (once) stream.once(event, listener);
    else stream.on(event, listener);
  }
  for (let i = 0; i < methods.length; i++) {
    const { name, property } = methods[i] as KeptMethod;
    defineProperty(stream, name, { __proto__: null, ...property } as PropertyDescriptor);
  }
}
