// fidelity: {"reader": "late", "arrangements": [["pipe", "null"], ["pipe", "socket", "tty", "file"], ["pipe", "file", "null", "tty", "socket", "closed"]]}
// Not where stderr is the same: what waits for a reader is in an order for each stream.
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const good = process.stdout.write('0123456789abcde\n'.repeat(65536));
process.stdout.write('end\n', () => console.error('all written'));
process.stdout.on('drain', () => console.error('drained'));
console.error(typeof good);
