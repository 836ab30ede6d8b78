import vm from 'node:vm';
import { initialisationComplete } from 'prefork-interp';

const early = vm.createContext({ seen: 1 });

initialisationComplete();
console.log(
  vm.runInContext('seen + 1', early),
  vm.runInNewContext('typeof process + typeof Array'),
  vm.isContext(early),
);
const script = new vm.Script('a + b', { filename: 'sum.js' });
console.log(script.runInNewContext({ a: 1, b: 2 }));
try {
  vm.runInThisContext('throw new Error("inside")', 'inside.js');
} catch (error) {
  console.log(error.stack.split('\n').slice(0, 2));
}
try {
  vm.runInNewContext('for (;;);', {}, { timeout: 20 });
} catch (error) {
  console.log(error.code);
}
