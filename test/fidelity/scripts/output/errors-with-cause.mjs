import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const inner = new TypeError('inner');
console.error(new Error('outer', { cause: inner }));
console.log(new AggregateError([inner, new RangeError('other')], 'many'));
console.log(Object.assign(new Error('with properties'), { code: 'E_CODE', detail: { a: 1 } }));
