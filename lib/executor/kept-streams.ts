/**
 * What initialisation has of the standard streams. Where it has touched them it holds streams of Node's, whose place others have in a call
 * (stdio.ts).
 */
import { Socket } from 'node:net';
import process from 'node:process';
import type { Writable } from 'node:stream';
import type { Addon } from '../addon.js';

/** Scripts replace functions of Object. */
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { ownKeys } = Reflect;

/**
 * Listeners ("error", for readers that leave), methods of its own, the number of listeners that is no mistake. In a plain run all that is
 * there still when the call begins, so a call's own outputs get it too.
 */
export interface KeptOutput {
  readonly listeners: readonly (readonly [event: string | symbol, listener: Listener, once: boolean])[];
  readonly methods: readonly (readonly [name: string | symbol, property: PropertyDescriptor])[];
  readonly maxListeners: number | undefined;
}

type Listener = (...values: unknown[]) => void;
type Raw = Listener & { listener?: Listener };

/** libuv opens a terminal anew, under another number; in the server that leads to /dev/null. */
interface HeldTerminal {
  readonly stream: { columns?: number; rows?: number };
  readonly handle: { getWindowSize(size: number[]): number };
  readonly number: number;
  readonly standard: number;
}

const heldTerminals: HeldTerminal[] = [];

/** In the server: what initialisation has kept of a terminal's stream (a logger, a console of its own) is to lead to the terminal of the call. */
export function keepTerminals(): void {
  for (const [standard, stream] of [process.stdin, process.stdout, process.stderr].entries()) {
    const { isTTY, _handle: handle } = stream as unknown as {
      isTTY?: boolean;
      _handle?: HeldTerminal['handle'] & { fd: number };
    };
    if (isTTY && handle && handle.fd > 2)
      heldTerminals.push({ stream: stream as HeldTerminal['stream'], handle, number: handle.fd, standard });
  }
}

/** In an executor. */
export function leadKeptTerminals(addon: Addon): void {
  for (const { stream, handle, number, standard } of heldTerminals) {
    addon.lead(number, standard);
    const size: number[] = [];
    if (standard === 0 || handle.getWindowSize(size) !== 0) continue;
    stream.columns = size[0] as number;
    stream.rows = size[1] as number;
  }
}

/** Methods that Node itself puts into an output. */
const ofNode: readonly (string | symbol)[] = ['destroySoon', '_destroy'];

/** In the server: the stream is Node's own. */
export function keepOutput(stream: Writable): KeptOutput {
  return { listeners: keepListeners(stream), methods: keepMethods(stream), maxListeners: ownMaximum(stream) };
}

function keepListeners(stream: Writable): KeptOutput['listeners'] {
  // Every socket has this one from the beginning.
  const atEnd = new Socket().listeners('end');
  const kept: [string | symbol, Listener, boolean][] = [];
  for (const event of stream.eventNames()) {
    for (const raw of stream.rawListeners(event) as Raw[]) {
      const listener = raw.listener ?? raw;
      if (event !== 'end' || !atEnd.includes(listener)) kept.push([event, listener, raw !== listener]);
    }
  }
  // Last those that hear of the others.
  const hears = ([event]: (typeof kept)[number]) => Number(event === 'newListener' || event === 'removeListener');
  return kept.sort((one, other) => hears(one) - hears(other));
}

function keepMethods(stream: Writable): KeptOutput['methods'] {
  const kept: [string | symbol, PropertyDescriptor][] = [];
  for (const name of ownKeys(stream)) {
    const property = getOwnPropertyDescriptor(stream, name) as PropertyDescriptor;
    if (typeof property.value === 'function' && !ofNode.includes(name)) kept.push([name, property]);
  }
  return kept;
}

function ownMaximum(stream: Writable): number | undefined {
  return (stream as unknown as { _maxListeners?: number })._maxListeners;
}

/** In an executor, with the stream that the call has in its place. */
export function giveKept(stream: Writable, { listeners, methods, maxListeners }: KeptOutput): void {
  if (maxListeners !== undefined) stream.setMaxListeners(maxListeners);
  for (const [event, listener, once] of listeners) stream[once ? 'once' : 'on'](event, listener);
  for (const [name, property] of methods)
    defineProperty(stream, name, { __proto__: null, ...property } as PropertyDescriptor);
}
