import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const thenable = { then: (done) => setTimeout(done, 2, 'thenable') };
async function* counts() {
  for (let i = 0; i < 3; i++) yield i;
}
console.log(await thenable);
for await (const count of counts()) console.log(count);
console.log(await Promise.allSettled([1, Promise.reject(new Error('no'))]), await Promise.any([Promise.reject(1), 2]));
