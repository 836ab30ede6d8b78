/** In the server: what asks for the next tick must not run in a call. */
import process from 'node:process';

/** Scripts replace functions of Object, and add to the prototype of all objects: a descriptor must not inherit. */
const { defineProperty, getOwnPropertyDescriptor } = Object;

/**
 * The event loop of a server stands still, and no spare's is to begin with what was put off here: so what would run at the next tick runs when
 * `run` is called. Node's streams ask for `process.nextTick` each time they use it.
 */
export function putOffTicks(): { run(): void; end(): void } {
  const property = { __proto__: null, ...getOwnPropertyDescriptor(process, 'nextTick') } as PropertyDescriptor;
  const ticks: (() => void)[] = [];
  defineProperty(process, 'nextTick', {
    __proto__: null,
    ...property,
    value: (callback: (...values: unknown[]) => void, ...values: unknown[]) => {
      ticks[ticks.length] = () => callback(...values);
    },
  } as PropertyDescriptor);
  return {
    run() {
      for (let i = 0; i < ticks.length; i++) (ticks[i] as () => void)();
      ticks.length = 0;
    },
    end() {
      defineProperty(process, 'nextTick', property);
    },
  };
}
