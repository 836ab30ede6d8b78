// fidelity: {"input": "ünï€😀\n"}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.setEncoding('utf8');
let text = '';
for await (const chunk of process.stdin) text += chunk;
console.log(text.length, text);
