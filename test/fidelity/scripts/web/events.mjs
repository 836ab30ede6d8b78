import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const target = new EventTarget();
target.addEventListener('x', (event) => console.log(event.type, event.detail, event.isTrusted), { once: true });
console.log(
  target.dispatchEvent(new CustomEvent('x', { detail: 5 })),
  target.dispatchEvent(new Event('x')),
  String(new DOMException('m', 'AbortError')),
);
