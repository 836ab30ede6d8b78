import { initialisationComplete } from 'prefork-interp';

const early = Promise.reject(new Error('made in initialisation'));
early.catch(() => {});

initialisationComplete();
await early;
