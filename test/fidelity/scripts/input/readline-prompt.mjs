import { createInterface } from 'node:readline/promises';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: '> ', terminal: false });
lines.prompt();
for await (const line of lines) {
  console.log(line.toUpperCase());
  lines.prompt();
}
