import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('exit', () => console.log('exit'));
const controller = new AbortController();
controller.signal.addEventListener('abort', () => console.log('aborted', controller.signal.reason.name));
controller.abort();
