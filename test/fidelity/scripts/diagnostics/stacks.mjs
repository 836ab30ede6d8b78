import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
function outer() {
  return inner();
}
const inner = () => new Error('here').stack;
console.log(outer());
console.log(
  await (async () => {
    await null;
    return new Error('async').stack;
  })(),
);
Error.stackTraceLimit = 1;
console.log(new Error('short').stack.split('\n').length);
