import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const order = [];
process.stdout.write('one\n', () => order.push('one'));
process.stdout.write('two\n', 'utf8', (error) => order.push(`two ${error ?? 'no error'}`));
process.stderr.write('three\n', () => order.push('three'));
process.nextTick(() => order.push('tick'));
Promise.resolve().then(() => order.push('promise'));
setTimeout(() => console.log(order.toSorted().join()), 50);
