/** What the native parts are built with, so that an overrun ends the process instead of leading it elsewhere. */
import { execFileSync, spawnSync } from 'node:child_process';
import { paths, test } from '../helpers/index.js';

/** `checked`: it uses libc's functions that know how much room there is; musl has none. */
const parts: [name: string, path: string, shared: boolean, checked: boolean][] = [
  ['launcher', paths.launcher, false, false],
  ['monitor', paths.monitor, false, false],
  ['observer', paths.observer, true, true],
  ['addon', paths.addon, true, true],
];

const missing = spawnSync('readelf', ['--version']).status === 0 ? false : 'readelf is not installed (binutils)';

for (const [name, path, shared, checked] of parts) {
  test(
    `${name}: nothing is writable and executable, tables are closed before it begins, stacks are guarded`,
    (t) => {
      const segments = readelf('-l', path);
      t.match(segments, /GNU_RELRO/);
      t.match(segments, /GNU_STACK .* RW {2}0x/);
      t.notMatch(segments, /LOAD .* RWE /);
      if (shared) t.match(readelf('-d', path), /BIND_NOW/);
      const symbols = readelf('-s', path);
      t.match(symbols, / __stack_chk_fail/);
      if (checked) t.match(symbols, /UND __\w+_chk/);
      return Promise.resolve();
    },
    { skip: missing },
  );
}

function readelf(option: string, path: string): string {
  return execFileSync('readelf', ['-W', option, path], { encoding: 'utf8', maxBuffer: 64 << 20 });
}
