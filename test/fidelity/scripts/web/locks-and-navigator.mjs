import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { navigator } = globalThis;
console.log(typeof navigator, navigator?.hardwareConcurrency > 0, navigator?.userAgent, navigator?.platform);
console.log(typeof navigator?.locks, typeof globalThis.Storage);
