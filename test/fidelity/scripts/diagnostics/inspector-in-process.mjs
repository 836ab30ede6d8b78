import { Session } from 'node:inspector/promises';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const session = new Session();
session.connect();
const { result } = await session.post('Runtime.evaluate', { expression: '6 * 7' });
console.log(result);
session.disconnect();
