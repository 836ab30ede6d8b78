import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { subtle } = globalThis.crypto;
const digest = await subtle.digest('SHA-256', new TextEncoder().encode('text'));
const key = await subtle.importKey('raw', new Uint8Array(16), 'AES-CBC', true, ['encrypt', 'decrypt']);
const sealed = await subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, key, new Uint8Array(5));
console.log(Buffer.from(digest).toString('hex'), Buffer.from(sealed).toString('hex'), key.type, key.usages);
