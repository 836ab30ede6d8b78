import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  'ǆ'.toLocaleUpperCase('hr'),
  'I'.toLocaleLowerCase('tr'),
  'Å'.normalize('NFD').length,
  'a'.localeCompare('ä', 'sv'),
);
console.log(
  [...new Intl.Segmenter('en', { granularity: 'word' }).segment('two words')].length,
  /\p{Letter}+/u.exec('äöü!')[0],
);
console.log(Intl.supportedValuesOf('calendar').length, process.versions.icu !== '', process.versions.tz !== '');
