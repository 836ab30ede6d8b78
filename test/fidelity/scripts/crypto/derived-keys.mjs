import { hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync } from 'node:crypto';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  pbkdf2Sync('secret', 'salt', 1000, 16, 'sha256').toString('hex'),
  scryptSync('secret', 'salt', 16).toString('hex'),
);
console.log(Buffer.from(hkdfSync('sha256', 'key', 'salt', 'info', 16)).toString('hex'));
pbkdf2('secret', 'salt', 1000, 16, 'sha512', (error, key) => {
  console.log(error, key.toString('hex'));
  scrypt('secret', 'salt', 16, (failure, other) => console.log(failure, other.toString('hex')));
});
