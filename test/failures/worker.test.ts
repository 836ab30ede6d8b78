/** A launcher has started the main thread: a worker that loads the library is no setup. */
import { test } from '../helpers/index.js';
import { launcherLines } from '../launcher/tell.js';

const worker = `const { parentPort } = require('node:worker_threads');
  const { initialisationComplete, autoreloadAlsoCheck } = require('prefork-interp');
  autoreloadAlsoCheck('absent');
  parentPort.postMessage([initialisationComplete(), initialisationComplete()]);`;

/** `env`: of the worker; undefined: a copy of its parent's. */
const ways: [name: string, env: string][] = [
  ['with a copy of the environment', ''],
  ['that shares the environment', ', { env: SHARE_ENV }'],
];
for (const [name, options] of ways) {
  test(`a worker ${name} that calls initialisationComplete() gets false, and the main thread has the call`, async (t, place) => {
    place.write('worker.cjs', worker);
    const script = place.write(
      'script.cjs',
      `const { Worker, SHARE_ENV } = require('node:worker_threads');
       const worker = new Worker(__dirname + '/worker.cjs'${options});
       worker.once('message', (told) => {
         worker.terminate().then(() => {
           const served = require('prefork-interp').initialisationComplete();
           console.log(told.join(), served, process.argv[2]);
           new Worker(__dirname + '/worker.cjs'${options}).once('message', (again) => console.log(again.join()));
         });
       });`,
    );
    for (const call of ['first', 'second']) {
      const { code, stdout, stderr } = await place.script(script, [call]);
      t.strictSame({ code, stdout }, { code: 0, stdout: `false,false true ${call}\nfalse,false\n` }, stderr);
      t.strictSame(launcherLines(stderr), []);
    }
    t.equal(place.servers().length, 1);
  });
}
