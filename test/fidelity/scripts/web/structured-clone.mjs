import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const value = { date: new Date(0), map: new Map([[1, new Set(['x'])]]), re: /a/g, big: 5n, error: new RangeError('r') };
value.self = value;
const copy = structuredClone(value);
console.log(copy.self === copy, copy.date.getTime(), copy.map, copy.re, copy.big, copy.error.name);
try {
  structuredClone(() => {});
} catch (error) {
  console.log(error.name, error.code, error.message);
}
