/**
 * process.stdin, stdout and stderr lead through accessors of ours from the moment that the library loads.
 *
 * Node's own keep the stream that they have opened once, and nothing outside reaches it. Ours can be led to the call's streams, also where the script has frozen
 * such a property meanwhile, and they show whether the script has put something else in their place: that stays, as it would in a plain run.
 */
import process from 'node:process';

/** Scripts replace functions of Object, and add to the prototype of all objects: a descriptor must not inherit. */
const { defineProperty, getOwnPropertyDescriptor } = Object;

export const streamNames = ['stdin', 'stdout', 'stderr'] as const;
export type StreamName = (typeof streamNames)[number];

/** What one of the three leads to. */
interface Way {
  get: () => unknown;
  /** Node's own way, which opens the stream at the first touch. */
  readonly openByNode: () => unknown;
  open: () => unknown;
  /** Node's own stream, once initialisation has touched it. */
  opened: unknown;
}

const ways: { [name in StreamName]?: Way } = { __proto__: null } as object;

/** To be called when the library loads. What is not Node's own by then, or cannot be changed any more, is left as it is. */
export function takeOverStreams(): void {
  for (let i = 0; i < streamNames.length; i++) takeOver(streamNames[i] as StreamName);
}

function takeOver(name: StreamName): void {
  const property = getOwnPropertyDescriptor(process, name);
  if (!property?.get || property.set || !property.configurable) return;
  const { get: ofNode } = property;
  const openByNode = () => {
    way.opened ??= ofNode.call(process);
    return way.opened;
  };
  const way: Way = { get: () => way.open(), openByNode, open: openByNode, opened: undefined };
  // Scripts print it.
  defineProperty(way.get, 'name', { __proto__: null, value: ofNode.name, configurable: true } as PropertyDescriptor);
  ways[name] = way;
  define(name, way);
}

function define(name: StreamName, { get }: Way): void {
  defineProperty(process, name, { __proto__: null, configurable: true, enumerable: true, get } as PropertyDescriptor);
}

/** Whether a call is to have a stream of its own there: not where the script has put something else. */
export function isNodes(name: StreamName): boolean {
  const way = ways[name];
  const property = getOwnPropertyDescriptor(process, name);
  if (!way || !property) return false;
  if (property.get === way.get) return true;
  // Some make it a plain property, with the stream that it had.
  return property.value !== undefined && property.value === way.opened && property.configurable === true;
}

/** Node's own accessor, and it cannot be led elsewhere: the script had frozen `process` before it loaded the library. */
export function isOutOfReach(name: StreamName): boolean {
  const property = getOwnPropertyDescriptor(process, name);
  return !ways[name] && !!property?.get && !property.configurable;
}

/** The stream that initialisation has, or would get. */
export function streamOfInitialisation(name: StreamName): unknown {
  return ways[name]?.openByNode();
}

/** Whether initialisation has touched it. */
export function wasOpened(name: StreamName): boolean {
  return ways[name]?.opened !== undefined;
}

/** In an executor. The property opens its stream at the first touch. */
export function leadTo(name: StreamName, open: () => unknown): void {
  const way = ways[name];
  if (!way || !isNodes(name)) return;
  let stream: unknown;
  way.open = () => {
    stream ??= open();
    return stream;
  };
  if (getOwnPropertyDescriptor(process, name)?.get !== way.get) define(name, way);
}
