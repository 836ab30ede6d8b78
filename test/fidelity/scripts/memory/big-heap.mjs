import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const map = new Map();
for (let i = 0; i < 300_000; i++) map.set(`key ${i}`, { i });
console.log(map.size, map.get('key 299999').i);
