import { EventEmitter, on, once } from 'node:events';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const emitter = new EventEmitter({ captureRejections: true });
setTimeout(() => emitter.emit('one', 1), 1);
console.log(await once(emitter, 'one'));
setTimeout(() => ['a', 'b'].forEach((value) => emitter.emit('many', value)), 1);
for await (const [value] of on(emitter, 'many')) {
  console.log(value);
  if (value === 'b') break;
}
for (let i = 0; i < 11; i++) emitter.on('leak', () => {});
