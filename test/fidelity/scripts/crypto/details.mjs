import { constants, createSecretKey, getCurves, getFips, timingSafeEqual, X509Certificate } from 'node:crypto';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(getCurves().length, getFips(), timingSafeEqual(Buffer.from('a'), Buffer.from('a')), typeof X509Certificate);
console.log(
  createSecretKey(Buffer.from('key')).symmetricKeySize,
  constants.RSA_PKCS1_PADDING,
  process.versions.openssl !== '',
);
