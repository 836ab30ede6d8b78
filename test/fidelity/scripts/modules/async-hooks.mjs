import { createHook, executionAsyncId, triggerAsyncId } from 'node:async_hooks';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const types = [];
const hook = createHook({ init: (_id, type) => types.push(type) }).enable();
setTimeout(() => {
  hook.disable();
  console.log(types.join(), executionAsyncId() > 0, triggerAsyncId() > 0);
}, 1);
