// fidelity: {"lines": 131072, "arrangements": [["pipe", "file", "socket", "null", "closed"], [], []]}

import { createHash } from 'node:crypto';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const hash = createHash('sha256');
let size = 0;
for await (const chunk of process.stdin) {
  hash.update(chunk);
  size += chunk.length;
}
console.log(size, hash.digest('hex'));
