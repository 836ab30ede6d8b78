// fidelity: {"env": {"NODE_OPTIONS": "--enable-source-maps"}}
import { initialisationComplete } from 'prefork-interp';
// What tsc made of a class with types: its lines are not those of the source.
import { Shop } from './parts/compiled-shop.mjs';

const shop = new Shop(10);
initialisationComplete();
for (const order of [1, 2]) shop.add({ amount: order, price: 6 });
