// Runs tests with an addon and an observer that check addresses: node scripts/address-checks.mjs [PART ...]   (PART: as for scripts/test.mjs)
// Both must lie in prebuilds/ as `make -C native SANITIZE=1 OUT=../prebuilds/linux-x64` makes them (.ci/run puts the ordinary ones back).
// Node itself is not built so: a copy of it gets the checks' library as the first that it needs, which patchelf writes into it. Memory that
// is never given back is no fault here. A wrong address ends the process that has it, with a report on its standard error; of a server that is
// its log. Ends with 1 when a test failed.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './files.mjs';

/** What forks, adopts, watches and names; what counts lines of the log fails, as a fork on a stack of its own leaves one there. */
const PARTS = ['engine/features', 'engine/endings', 'facts', 'server/call', 'server/open-files', 'random'];

const library = find('libasan.so');
const why = library === undefined ? 'gcc has no libasan' : tells('patchelf') ? undefined : 'patchelf is not installed';
if (why !== undefined) {
  process.stdout.write(`address checks: skipped: ${why}\n`);
} else {
  const place = mkdtempSync(join(tmpdir(), 'pfi-checks-'));
  chmodSync(place, 0o755); // some tests run it as somebody else
  process.exitCode = runTests(makeNode(place), process.argv.slice(2)) ? 0 : 1;
  rmSync(place, { recursive: true });
}

function find(name) {
  const { stdout } = spawnSync('cc', [`-print-file-name=${name}`], { encoding: 'utf8' });
  const path = stdout?.trim();
  return path?.startsWith('/') && existsSync(path) ? realpathSync(path) : undefined;
}

function tells(program) {
  return spawnSync(program, ['--version']).status === 0;
}

/** What the checks are told comes from a library, as no call is to have a variable for it. */
function makeNode(place) {
  const [node, options] = [join(place, 'node'), join(place, 'options.so')];
  const told = 'detect_leaks=0:verify_asan_link_order=0:handle_segv=0';
  writeFileSync(join(place, 'options.c'), `const char *__asan_default_options(void) { return "${told}"; }\n`);
  must('cc', ['-shared', '-fPIC', '-o', options, join(place, 'options.c')]);
  copyFileSync(process.execPath, node);
  must('patchelf', ['--add-needed', library, node]);
  must('patchelf', ['--add-needed', options, node]);
  return node;
}

function must(program, args) {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

function runTests(node, parts) {
  const args = [join(root, 'scripts', 'test.mjs'), ...(parts.length > 0 ? parts : PARTS)];
  const env = { ...process.env, PREFORK_TEST_NODE: node };
  return spawnSync(process.execPath, args, { stdio: 'inherit', env }).status === 0;
}
