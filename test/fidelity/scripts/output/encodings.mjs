import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdout.write('ünï€😀\n');
process.stdout.write('ünï€😀\n', 'latin1');
process.stdout.write('68656c6c6f0a', 'hex');
process.stdout.write('aGVsbG8K', 'base64');
process.stdout.setDefaultEncoding('utf16le');
process.stdout.write('wide\n');
process.stderr.write(new Uint8Array([0, 255, 254, 10]));
console.log('\ud800 alone');
