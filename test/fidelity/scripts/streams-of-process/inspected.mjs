import { inspect } from 'node:util';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const name of ['stdin', 'stdout', 'stderr']) {
  const text = inspect(process[name], { depth: 1, breakLength: 100, sorted: true, colors: false });
  console.log(text.replace(/(asyncId|\[?Symbol\(async_id_symbol\)\]?): \d+/g, '$1: N').replace(/_idleStart: \d+/g, ''));
}
