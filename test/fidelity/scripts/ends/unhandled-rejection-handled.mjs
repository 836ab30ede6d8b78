import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('unhandledRejection', (reason, promise) => console.log(reason.message, promise instanceof Promise));
process.on('rejectionHandled', () => console.log('handled late'));
const rejected = Promise.reject(new Error('late'));
setTimeout(() => rejected.catch(() => {}), 5);
