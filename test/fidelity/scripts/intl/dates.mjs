// fidelity: {"env": {"TZ": "Europe/Berlin"}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const date = new Date(Date.UTC(2024, 2, 31, 1, 30));
console.log(date.toString(), date.toLocaleString('de-DE'), date.getTimezoneOffset());
console.log(
  new Intl.DateTimeFormat('ja-JP', { dateStyle: 'full', timeStyle: 'long', timeZone: 'Asia/Tokyo' }).format(date),
);
console.log(new Intl.RelativeTimeFormat('fr').format(-3, 'day'));
