import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('log %s %d %i %f %j %o %O %c %%', 'text', 1.5, 1.5, 1.5, { a: 1 }, [1], { b: [2] }, 'css');
console.info('info');
console.warn('warn');
console.error('error', new Map([['key', new Set([1])]]));
console.debug('debug', null, undefined, 5n, Symbol('s'));
console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
console.dirxml({ a: 1 }, [2]);
console.table([
  { a: 1, b: 'x' },
  { a: 2, b: 'y' },
]);
console.table(new Map([['k', 1]]), ['Values']);
console.group('group');
console.log('inside\nof two lines');
console.groupCollapsed('inner');
console.error('further inside');
console.groupEnd();
console.groupEnd();
console.assert(true, 'not seen');
console.assert(false, 'seen %s', 'formatted');
console.assert(false);
console.count();
console.count('named');
console.count('named');
console.countReset('named');
console.count('named');
console.countReset('unknown');
