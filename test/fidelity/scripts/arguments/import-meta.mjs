import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(import.meta.url.endsWith('/arguments/import-meta.mjs'), import.meta.filename === process.argv[1]);
console.log(
  import.meta.dirname.endsWith('arguments'),
  Object.keys(import.meta)
    .sort()
    .join(),
);
