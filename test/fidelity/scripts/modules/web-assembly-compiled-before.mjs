import { initialisationComplete } from 'prefork-interp';

const bytes = Buffer.from('AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABagsAbmFtZQ==', 'base64').subarray(0, 41);
const compiled = new WebAssembly.Module(bytes);
const early = new WebAssembly.Instance(compiled);

initialisationComplete();
console.log(early.exports.add(20, 3), new WebAssembly.Instance(compiled).exports.add(4, 5));
