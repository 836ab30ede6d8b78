import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
Promise.reject(new Error('nobody cares'));
setTimeout(() => console.log('not reached'), 50);
