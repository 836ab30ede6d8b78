/** Where things lie that tests use. */
import { dirname, join } from 'node:path';

/** The directory of the package; tests run from dist-test/, which is laid out as test/ is. */
export const packageRoot = dirname(dirname(import.meta.dirname));

const machine = process.arch === 'arm64' ? 'arm64' : 'x64';

/** The native parts, from PREFORK_TEST_PREBUILDS if that is set (a sanitizer build). */
export const prebuilds = process.env.PREFORK_TEST_PREBUILDS ?? join(packageRoot, 'prebuilds', `linux-${machine}`);
export const launcher = join(prebuilds, 'prefork-interp');
export const monitor = join(prebuilds, 'prefork-interp-monitor');
export const observer = join(prebuilds, 'observer.so');
export const addon = join(prebuilds, 'prefork-interp.node');

export const fixtures = join(packageRoot, 'test', 'fixtures');

/** The Node that runs the scripts under test: PREFORK_TEST_NODE, else the one that runs the tests. */
export const nodeUnderTest = process.env.PREFORK_TEST_NODE ?? process.execPath;
