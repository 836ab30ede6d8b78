import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
buffer.resize(16);
console.log(buffer.byteLength, buffer.resizable, buffer.transfer?.(4).byteLength, buffer.detached);
