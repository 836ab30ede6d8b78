// Whether prebuilds/ may be given to others: node packaging/check.mjs. Runs before npm publish and before the Debian package is made.
// On another machine there may be no musl-gcc libraries and an older glibc: so launcher and monitor must be static, and observer
// and addon need nothing newer than Node itself does.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..');
const PROGRAMS = ['prefork-interp', 'prefork-interp-monitor'];
const LIBRARIES = ['observer.so', 'prefork-interp.node'];

/** What is wrong with the native parts in `prebuilds`, a line each. */
export function faultsOf(prebuilds) {
  const faults = [];
  // Others, such as sanitizer builds, are left out by `files` in package.json.
  const names = readdirSync(prebuilds).filter((name) => name.startsWith('linux-'));
  if (!names.some((name) => /^linux-(x64|arm64)$/.test(name))) faults.push(`there is no build in ${prebuilds}`);
  for (const name of names) {
    const folder = join(prebuilds, name);
    if (!/^linux-(x64|arm64)(-musl)?$/.test(name)) {
      faults.push(`${folder} is not the name of a machine`);
      continue;
    }
    const musl = name.endsWith('-musl');
    const expected = musl ? LIBRARIES : [...PROGRAMS, ...LIBRARIES];
    const missing = expected.filter((file) => !existsSync(join(folder, file)));
    faults.push(...missing.map((file) => `${join(folder, file)} is missing`));
    if (missing.length > 0) continue;
    for (const file of PROGRAMS)
      if (!musl && hasLoader(readFileSync(join(folder, file))))
        faults.push(`${join(folder, file)} is not static: install musl-tools and build again`);
    if (!musl) faults.push(...newerSymbols(LIBRARIES.map((file) => join(folder, file))));
  }
  return faults;
}

/** A program that is not static names its loader in a program header of type PT_INTERP, 3. */
function hasLoader(elf) {
  const offset = Number(elf.readBigUInt64LE(32));
  const size = elf.readUInt16LE(54);
  const headers = Array.from({ length: elf.readUInt16LE(56) }, (_, index) => elf.readUInt32LE(offset + index * size));
  return headers.includes(3);
}

function newerSymbols(files) {
  const { error, status, stderr } = spawnSync(join(root, 'native', 'check-glibc.sh'), files, { encoding: 'utf8' });
  if (error) return [error.message];
  return status === 0 ? [] : stderr.trim().split('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = faultsOf(join(root, 'prebuilds'));
  for (const fault of faults) process.stderr.write(`check: ${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
