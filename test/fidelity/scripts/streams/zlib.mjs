import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const text = 'compressed again and again '.repeat(1000);
for (const [pack, unpack] of [
  ['gzipSync', 'gunzipSync'],
  ['deflateRawSync', 'inflateRawSync'],
  ['brotliCompressSync', 'brotliDecompressSync'],
]) {
  const packed = zlib[pack](text);
  console.log(pack, packed.length, zlib[unpack](packed).toString() === text);
}
console.log((await promisify(zlib.gzip)(text)).length, (await promisify(zlib.brotliCompress)(text)).length);
await promisify(zlib.gunzip)('nonsense').catch((error) => console.log(error.code, error.errno));
