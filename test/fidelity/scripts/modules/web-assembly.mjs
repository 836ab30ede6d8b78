import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const bytes = Buffer.from('AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABagsAbmFtZQ==', 'base64').subarray(0, 41);
const { instance } = await WebAssembly.instantiate(bytes);
console.log(instance.exports.add(2, 3), WebAssembly.validate(bytes));
const compiled = await WebAssembly.compile(bytes);
console.log(WebAssembly.Module.exports(compiled), new WebAssembly.Memory({ initial: 2 }).buffer.byteLength);
