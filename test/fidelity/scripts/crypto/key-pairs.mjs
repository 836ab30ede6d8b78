import { createSign, generateKeyPair, generateKeyPairSync, verify } from 'node:crypto';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signature = createSign('sha256').update('text').sign(privateKey);
console.log(
  verify('sha256', 'text', publicKey, signature),
  verify('sha256', 'other', publicKey, signature),
  publicKey.asymmetricKeyType,
);
generateKeyPair('ed25519', {}, (error, _public, secret) => console.log(error, secret.asymmetricKeyType));
