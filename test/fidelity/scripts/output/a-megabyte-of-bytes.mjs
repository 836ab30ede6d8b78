import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const bytes = Buffer.alloc(1 << 20);
for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7 + (i >> 8)) & 255;
process.stdout.write(bytes);
