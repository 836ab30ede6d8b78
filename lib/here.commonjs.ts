/** The twin of here.ts for `require`; the reason is given there. It is compiled into `dist/cjs`. */
import { dirname } from 'node:path';

/** The directory `dist` of this package. */
export const here: string = dirname(__dirname);

/** The directory of this package: that of its package.json. */
export const packageRoot: string = dirname(here);
