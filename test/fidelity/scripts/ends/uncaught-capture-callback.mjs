import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.setUncaughtExceptionCaptureCallback((error) => console.log('captured', error.message));
setTimeout(() => console.log('goes on', process.hasUncaughtExceptionCaptureCallback()), 5);
throw new Error('to the callback');
