import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(1234.5),
  (0.1 + 0.2).toFixed(3),
);
console.log(
  new Intl.PluralRules('ru').select(3),
  new Intl.ListFormat('en').format(['a', 'b', 'c']),
  2n ** 100n,
  (255).toString(36),
);
