/** Imports and includes point one way: what each room may know of the others. HACKING.md says why. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { paths, test } from '../helpers/index.js';

/** A room of lib/ is a folder, or a file that lies directly in it. `index` loads server/ only when a launcher started the process: no import says so. */
const LIB: Readonly<Record<string, readonly string[]>> = {
  here: [],
  options: [],
  index: ['here', 'options'],
  addon: ['here'],
  executor: ['addon'],
  server: ['executor', 'addon', 'options'],
  rundir: [],
  watcher: ['addon', 'here'],
  cli: ['index', 'rundir', 'addon', 'here'],
  bin: ['here'],
};

/** A room of native/ is a folder. */
const NATIVE: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  launcher: ['shared'],
  monitor: ['shared'],
  observer: ['shared'],
  addon: ['shared'],
  fuzz: ['launcher', 'shared', 'addon'],
};

interface Arrow {
  /** Paths below lib/ or native/. */
  readonly from: string;
  readonly to: string;
}

for (const [name, rules, arrows] of [
  ['lib', LIB, importsOf(join(paths.packageRoot, 'lib'))],
  ['native', NATIVE, includesOf(join(paths.packageRoot, 'native'))],
] as const) {
  test(`${name}/: a room knows only those below it`, async (t) => {
    t.ok(arrows.length > 50, 'arrows are found');
    const forbidden = arrows.filter(({ from, to }) => {
      const [room, other] = [roomOf(from), roomOf(to)];
      return room !== other && rules[room]?.includes(other) !== true;
    });
    t.strictSame(forbidden, []);
  });

  test(`${name}/: no file leads back to itself`, async (t) => {
    t.strictSame(findCircle(arrows), []);
  });
}

test('a circle is found where there is one', async (t) => {
  const arrows = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'c', to: 'b' },
  ];
  t.strictSame(findCircle(arrows), ['b', 'c', 'b']);
});

function roomOf(path: string): string {
  return path.split(sep)[0]?.replace(/(\.commonjs)?\.ts$/, '') ?? '';
}

function importsOf(root: string): Arrow[] {
  return listFiles(root, /\.ts$/).flatMap((from) =>
    [...readFileSync(join(root, from), 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)'/gm)].map(
      ([, to = '']) => ({ from, to: relative(root, join(root, dirname(from), to.replace(/\.js$/, '.ts'))) }),
    ),
  );
}

/** A header is looked for beside the file first, then in shared/, then wherever it is: the Makefile has one folder of headers for all. */
function includesOf(root: string): Arrow[] {
  const files = listFiles(root, /\.[ch]$/);
  return files.flatMap((from) =>
    [...readFileSync(join(root, from), 'utf8').matchAll(/^#include "([^"]+)"/gm)].flatMap(([, name = '']) => {
      const beside = join(dirname(from), name);
      const to = existsSync(join(root, beside)) ? beside : files.find((file) => file.endsWith(sep + name));
      return to === undefined ? [] : [{ from, to }];
    }),
  );
}

function listFiles(root: string, pattern: RegExp): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => pattern.test(name) && !name.startsWith(`build${sep}`),
  );
}

/** The files on the first circle that is found, its beginning at both ends; none where there is none. */
function findCircle(arrows: readonly Arrow[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of arrows) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return [];
    for (const other of next.get(file) ?? []) {
      const circle = walk(other, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of next.keys()) {
    const circle = walk(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
