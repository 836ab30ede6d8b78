import { initialisationComplete } from 'prefork-interp';

const early = setTimeout(() => console.log('set in initialisation'), 30);
setTimeout(() => console.log('soon'), 1);

initialisationComplete();
console.log('call', early.hasRef());
