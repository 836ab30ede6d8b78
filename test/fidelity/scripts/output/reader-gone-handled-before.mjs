// fidelity: {"reader": "gone", "arrangements": [[], ["pipe", "socket"], ["file"]]}
import { initialisationComplete } from 'prefork-interp';

process.stdout.on('error', ({ code }) => process.exit(code === 'EPIPE' ? 9 : 8));

initialisationComplete();
console.log('nobody reads this');
setTimeout(() => {}, 10_000);
