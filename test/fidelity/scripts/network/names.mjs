import { lookup } from 'node:dns';
import { getServers } from 'node:dns/promises';
import { isIP } from 'node:net';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
lookup('localhost', { family: 4 }, (error, address, family) => console.log(error, address, family));
console.log(Array.isArray(getServers()), isIP('::1'), isIP('x'));
