import module from 'node:module';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(typeof module.enableCompileCache, typeof module.findPackageJSON, typeof module.syncBuiltinESMExports);
