import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', () => console.log('end', JSON.stringify(Buffer.concat(chunks).toString())));
process.stdin.on('close', () => console.log('close', process.stdin.destroyed));
