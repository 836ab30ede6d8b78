// Whether prebuilds/ may be given to others: node packaging/check.mjs [--all]. Runs before npm publish (with --all: every machine must be
// there) and before the Debian package is made.
// On another machine there may be no musl and an older glibc: so launcher and monitor must be static, and observer and addon need nothing
// newer than Node itself does. Launcher and monitor must be musl's, as a static glibc program starts slower: it asks the processor for its
// features, which a hypervisor answers in 0.3 ms. And nobody should have to load what only debuggers read.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..');
const PROGRAMS = ['prefork-interp', 'prefork-interp-monitor'];
const PT_INTERP = 3;
const PT_NOTE = 4;
const NT_GNU_ABI_TAG = 1;
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
    for (const file of musl ? [] : PROGRAMS) faults.push(...faultsOfProgram(join(folder, file)));
    for (const file of expected) faults.push(...faultsOfSections(join(folder, file)));
    if (!musl) faults.push(...newerSymbols(LIBRARIES.map((file) => join(folder, file))));
  }
  return faults;
}

/** A program that is not static names its loader; glibc's start code notes the oldest kernel that it runs on, musl's does not. */
function faultsOfProgram(path) {
  const headers = programHeaders(readFileSync(path));
  if (headers.some(({ type }) => type === PT_INTERP))
    return [`${path} is not static: install musl-tools and build again`];
  const glibc = headers.some(({ type, content }) => type === PT_NOTE && hasNote(content, NT_GNU_ABI_TAG));
  return glibc ? [`${path} is glibc's, which starts slower: install musl-tools and build again`] : [];
}

function programHeaders(elf) {
  const offset = Number(elf.readBigUInt64LE(32));
  const size = elf.readUInt16LE(54);
  return Array.from({ length: elf.readUInt16LE(56) }, (_, index) => {
    const header = elf.subarray(offset + index * size, offset + (index + 1) * size);
    const begin = Number(header.readBigUInt64LE(8));
    return { type: header.readUInt32LE(0), content: elf.subarray(begin, begin + Number(header.readBigUInt64LE(32))) };
  });
}

/** Notes follow one another: lengths of name and description, type, then both, each filled up to four bytes. */
function hasNote(notes, type) {
  for (let at = 0; at + 12 <= notes.length; ) {
    const [name, description] = [notes.readUInt32LE(at), notes.readUInt32LE(at + 4)];
    if (notes.readUInt32LE(at + 8) === type && notes.toString('latin1', at + 12, at + 15) === 'GNU') return true;
    at += 12 + ((name + 3) & ~3) + ((description + 3) & ~3);
  }
  return false;
}

/** The table of names of sections stands whole in the file. */
function faultsOfSections(path) {
  return readFileSync(path).includes('.debug_info\0') ? [`${path} has debug information: build again`] : [];
}

function newerSymbols(files) {
  const { error, status, stderr } = spawnSync(join(root, 'native', 'check-glibc.sh'), files, { encoding: 'utf8' });
  if (error) return [error.message];
  return status === 0 ? [] : stderr.trim().split('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const prebuilds = join(root, 'prebuilds');
  const missing =
    process.argv[2] === '--all'
      ? ['linux-x64', 'linux-arm64'].filter((name) => !existsSync(join(prebuilds, name)))
      : [];
  const faults = [...missing.map((name) => `there is no build for ${name}`), ...faultsOf(prebuilds)];
  for (const fault of faults) process.stderr.write(`check: ${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
