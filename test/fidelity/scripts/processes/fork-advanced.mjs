import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const child = fork(fileURLToPath(new URL('parts/answers.mjs', import.meta.url)), {
  serialization: 'advanced',
  execArgv: [],
});
child.on('message', (message) => {
  console.log(message);
  child.send('end');
});
child.on('exit', (code) => console.log('exit', code));
child.send({ question: new Set([1n]) });
