import { createHash, createHmac, getHashes } from 'node:crypto';
import { initialisationComplete } from 'prefork-interp';

const early = createHash('sha256').update('begun in initialisation, ');

initialisationComplete();
for (const name of ['md5', 'sha1', 'sha512', 'sha3-256', 'blake2b512'])
  console.log(name, createHash(name).update('text').digest('hex'));
console.log(
  early.update('ended in the call').digest('base64'),
  createHmac('sha256', 'key').update('text').digest('hex'),
  getHashes().length,
);
