import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const child = fork(fileURLToPath(new URL('parts/answers.mjs', import.meta.url)), ['argument']);
child.on('message', (message) => {
  console.log(message);
  child.disconnect();
});
child.on('close', (code) => console.log('close', code, child.connected));
child.send({ question: 1, when: new Map([[1, 'one']]) });
