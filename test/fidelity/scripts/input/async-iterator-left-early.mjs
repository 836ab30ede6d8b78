import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for await (const chunk of process.stdin) {
  console.log(chunk.toString().slice(0, 7));
  break;
}
console.log('left');
