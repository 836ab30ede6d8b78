import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { answer } = await import('data:text/javascript,export const answer = 6 * 7;');
console.log(answer);
console.log((await import('data:application/json,{"a":1}', { with: { type: 'json' } })).default);
