import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'tap';
import * as imported from '../dist/here.js';
import { paths } from './helpers/index.js';

test('both copies of the library know the same package', async (t) => {
  const required: unknown = createRequire(import.meta.url)('../dist/cjs/here.js');
  t.match(required, { here: join(paths.packageRoot, 'dist'), packageRoot: paths.packageRoot });
  t.strictSame({ ...imported }, { here: join(paths.packageRoot, 'dist'), packageRoot: paths.packageRoot });
});
