// fidelity: {"env": {"NODE_DEBUG": "fidelity"}}

import { debuglog } from 'node:util';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stderr.write = (text) => console.log(JSON.stringify(text.replace(String(process.pid), 'PID')));
const log = debuglog('fidelity');
log('seen %d', 1);
debuglog('other')('not seen');
console.log(log.enabled);
