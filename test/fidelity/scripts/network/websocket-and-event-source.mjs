import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(typeof WebSocket, typeof EventSource, typeof Headers, new Headers({ A: 'b' }).get('a'));
console.log(new URL('http://[::1]:80/a?b#c').href, new URLSearchParams({ a: 'b c' }).toString());
