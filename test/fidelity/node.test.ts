/** The comparison runs the Node that it was told to, both ways. */
import { join } from 'node:path';
import { paths, test } from '../helpers/index.js';

test('fidelity --node: that Node runs plainly and warm, and its version is told', async (t, place) => {
  // It says that it is of a version that there is not, and writes down what it is asked to run.
  place.write(
    'other-node',
    `#!/bin/sh
     if [ "$1" = -p ]; then echo 99.0.0; exit; fi
     echo "\${PREFORK_INTERP:+warm} $*" >>'${join(place.work, 'ran')}'
     exec '${paths.nodeUnderTest}' "$@"\n`,
    0o755,
  );
  const main = join(paths.packageRoot, 'dist-test', 'fidelity', 'main.js');
  const options = ['--node', 'other-node', '--only', 'ends/natural.mjs', '--arrangement', 'pipe,pipe,pipe'];
  const { stdout, stderr } = await place.startProgram(process.execPath, [main, ...options], {
    env: { PREFORK_TEST_NODE: '/bin/false' },
  }).ended;
  t.match(stdout, /^1 scripts, node 99\n1 passed, 0 failed\n$/m, stderr);
  const ran = place.read('ran').split('\n');
  // Besides, a server's watcher.
  const ways = ran.filter((line) => line.endsWith('/ends/natural.mjs')).map((line) => line.startsWith('warm '));
  t.strictSame(ways, [true, false], 'the server, and the plain run');
});
