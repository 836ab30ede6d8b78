import { builtinModules } from 'node:module';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  builtinModules.length,
  process.moduleLoadList.length > 0,
  process.getBuiltinModule?.('node:path') !== undefined,
);
