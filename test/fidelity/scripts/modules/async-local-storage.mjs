import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { initialisationComplete } from 'prefork-interp';

const storage = new AsyncLocalStorage();
storage.enterWith('of initialisation');

initialisationComplete();
console.log(storage.getStore());
storage.run({ id: 1 }, () => setTimeout(() => console.log(storage.getStore()), 1));
await storage.run('awaited', async () => {
  await null;
  console.log(storage.getStore());
});
const bound = AsyncResource.bind(() => storage.getStore());
console.log(
  storage.run('other', bound),
  storage.exit(() => storage.getStore()),
);
