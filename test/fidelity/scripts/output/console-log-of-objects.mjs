import { inspect } from 'node:util';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
class Thing {
  #hidden = 1;
  shown = [undefined, null, NaN, -0, 1n, 'quo\'te"s', /re/g, new Date(0), () => {}, class A {}];
  get accessor() {
    return this.#hidden;
  }
  [inspect.custom](depth, { stylize }) {
    return stylize(`Thing at ${depth}`, 'special');
  }
}
class Plain {
  nested = { deep: { deeper: { deepest: 1 } }, thing: new Thing() };
}
console.log(new Plain(), [new Thing()], [, 1], new Array(200).fill(7));
console.log(Object.create(null), new Proxy({}, {}), Promise.resolve(4), new WeakMap(), new Uint8Array(3));
console.log(new Error('an error', { cause: 'its cause' }).message, Buffer.from('bytes'), process.versions.node !== '');
const circle = { name: 'circle' };
circle.self = circle;
console.error(circle);
