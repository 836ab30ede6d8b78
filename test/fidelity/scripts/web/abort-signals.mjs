import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const signal = AbortSignal.timeout(10);
signal.addEventListener('abort', () => console.log(signal.reason.name, signal.aborted));
const any = AbortSignal.any([signal, new AbortController().signal]);
await new Promise((go) => setTimeout(go, 50));
console.log(any.aborted, AbortSignal.abort('why').reason);
