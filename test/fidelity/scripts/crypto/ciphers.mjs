import { createCipheriv, createDecipheriv, getCiphers } from 'node:crypto';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const [key, iv] = [Buffer.alloc(32, 1), Buffer.alloc(12, 2)];
const cipher = createCipheriv('aes-256-gcm', key, iv);
const sealed = Buffer.concat([cipher.update('text'), cipher.final()]);
const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(cipher.getAuthTag());
console.log(
  sealed.toString('hex'),
  cipher.getAuthTag().toString('hex'),
  decipher.update(sealed) + decipher.final('utf8'),
  getCiphers().length,
);
