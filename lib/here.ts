/**
 * Where this package lies. The library is compiled twice, for `import` and for `require`, and no one expression names a
 * module's own directory in both: `import.meta` is a syntax error in CommonJS, `__dirname` is not defined in an ES module.
 * So this file has a twin, here.commonjs.ts, which the CommonJS pass finds in its place (`moduleSuffixes` in
 * tsconfig.cjs.json); scripts/build.mjs then gives the twin's output the name that the other modules require. Both say the
 * same directories. The twin can go when Node 20 does: from 22.12 on `require` takes ES modules.
 */
import { dirname } from 'node:path';

/** The directory `dist` of this package. */
export const here: string = import.meta.dirname;

/** The directory of this package: that of its package.json. */
export const packageRoot: string = dirname(here);
