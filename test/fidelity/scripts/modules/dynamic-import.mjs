import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { greet, times } = await import('./parts/greets.mjs');
console.log(greet('world'), times());
const again = await import('./parts/greets.mjs');
console.log(again.times(), (await import('./parts/greets.mjs?other')).times());
