// fidelity: {"node": ["--frozen-intrinsics", "--no-warnings"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log('on stdout', Object.isFrozen(Array.prototype), Object.isFrozen(console));
console.error('on stderr %o', new Map([[1, { two: 2 }]]));
process.stdin.on('data', () => {}).on('end', () => console.log('end of input'));
