import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const write = process.stdout.write;
let seen = '';
process.stdout.write = (chunk, ...rest) => {
  seen += chunk;
  return write.call(process.stdout, chunk, ...rest);
};
console.log('through the replaced write');
process.stdout.write = write;
console.error(JSON.stringify(seen));
