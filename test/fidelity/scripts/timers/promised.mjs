import { setTimeout as delay, setImmediate as immediate, scheduler, setInterval as ticks } from 'node:timers/promises';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(await delay(5, 'delayed'), await immediate('at once'));
await scheduler.wait(2);
for await (const tick of ticks(2, 'tick')) {
  console.log(tick);
  break;
}
await delay(1000, null, { signal: AbortSignal.timeout(5) }).catch((error) => console.log(error.name, error.code));
