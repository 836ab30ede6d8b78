import { StringDecoder } from 'node:string_decoder';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const decoder = new StringDecoder('utf8');
console.log(decoder.write(Buffer.from([0xe2, 0x82])), decoder.write(Buffer.from([0xac])), decoder.end());
