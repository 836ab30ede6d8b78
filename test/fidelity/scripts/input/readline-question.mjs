import { createInterface } from 'node:readline';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
lines.question('name? ', (answer) => {
  console.log(`hello ${answer}`);
  lines.close();
});
lines.on('close', () => console.log('closed'));
