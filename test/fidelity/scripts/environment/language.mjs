// fidelity: {"env": {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8"}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  Intl.DateTimeFormat().resolvedOptions().locale,
  (1234567.891).toLocaleString(),
  new Date(0).toLocaleDateString(),
);
console.log(['ä', 'z', 'a'].sort(new Intl.Collator().compare).join(), globalThis.navigator?.language);
