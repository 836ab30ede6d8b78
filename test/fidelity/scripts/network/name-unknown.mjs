import { lookup } from 'node:dns/promises';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
await lookup('no-such-name.invalid').catch((error) => console.log(error.syscall, error.hostname));
