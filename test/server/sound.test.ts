/** What a server must not do while other threads of Node's run, or somebody sets the clock. */
import { killProcess, paths, test, waitFor, whyNoTracing } from '../helpers/index.js';
import { theServer } from '../launcher/tell.js';

test(
  'a server neither changes its umask nor waits by the clock that can be set',
  async (t, place) => {
    const script = place.fixture('tells-its-call.mjs');
    const words = ['-D', '-f', '-qq', '-o', 'trace', '-e', 'trace=umask,futex'];
    const call = await place.startProgram('strace', [...words, paths.launcher, '-U', 'node', script]).exited;
    t.equal(call.code, 0);
    const server = theServer(place);
    const { pid } = server;
    // strace ends with the last that it traces.
    killProcess(server);
    await waitFor('all to go', () => place.processes().length === 0);
    const lines = place.read('trace').split('\n');
    t.ok(
      lines.some((line) => line.startsWith(`${pid} `)),
      'it is in the trace',
    );
    t.strictSame(
      lines.filter((line) => line.startsWith(`${pid} `) && line.includes('umask(')),
      [],
    );
    t.strictSame(
      lines.filter((line) => /FUTEX_CLOCK_REALTIME, \d+, \{/.test(line)),
      [],
    );
  },
  { skip: whyNoTracing() },
);
