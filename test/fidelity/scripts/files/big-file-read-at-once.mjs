import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
writeFileSync('big', Buffer.alloc(3 << 20, 'abcdefg'));
console.log(createHash('sha1').update(readFileSync('big')).digest('hex'));
