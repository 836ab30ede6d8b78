import { createInterface } from 'node:readline';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => console.log(`line ${line}`));
lines.on('close', () => console.log('close'));
