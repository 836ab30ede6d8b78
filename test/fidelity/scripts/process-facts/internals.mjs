import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  typeof process.binding,
  typeof process.dlopen,
  process.domain,
  typeof process._getActiveHandles,
  process._getActiveHandles().length,
);
console.log(
  process._getActiveRequests().length,
  process.stdout === console._stdout,
  typeof process.setSourceMapsEnabled,
);
