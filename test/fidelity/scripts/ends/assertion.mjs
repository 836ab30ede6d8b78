import assert from 'node:assert';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
assert.deepStrictEqual({ a: 1, b: [1, 2] }, { a: 1, b: [1, 3] });
