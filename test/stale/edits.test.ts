/** An edit is never missed: whoever runs the script after it gets the edited one. */
import { renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Place, test } from '../helpers/index.js';

const ROUNDS = 20;
const FILES = ['script', 'imported', 'required', 'json', 'read'] as const;
type Kind = (typeof FILES)[number];

/** All values have the same number of digits, so that an edit never shows in a size. */
const sources: Record<Kind, { name: string; source: (value: number) => string }> = {
  script: {
    name: 'edited.mjs',
    source: (value) => `import { readFileSync } from 'node:fs';
      import { createRequire } from 'node:module';
      import { initialisationComplete } from 'prefork-interp';
      import imported from './imported.mjs';
      const script = ${value};
      const { value: json } = createRequire(import.meta.url)('./data.json');
      const required = createRequire(import.meta.url)('./lib/required.cjs');
      const read = Number(readFileSync('settings.conf', 'utf8'));
      initialisationComplete();
      console.log([script, imported, required, json, read].join());`,
  },
  imported: { name: 'imported.mjs', source: (value) => `export default ${value};` },
  required: { name: 'lib/required.cjs', source: (value) => `module.exports = ${value};` },
  json: { name: 'data.json', source: (value) => `{"value":${value}}` },
  read: { name: 'settings.conf', source: (value) => `${value}` },
};

/** Ways to edit; the last hides it as well as it can. */
const ways: ((path: string, content: string) => void)[] = [
  (path, content) => writeFileSync(path, content),
  (path, content) => {
    writeFileSync(`${path}~`, content);
    renameSync(`${path}~`, path);
  },
  (path, content) => {
    const { atime, mtime } = statSync(path);
    writeFileSync(path, content);
    utimesSync(path, atime, mtime);
  },
  (path, content) => {
    const { atime, mtime } = statSync(path);
    writeFileSync(`${path}~`, content);
    utimesSync(`${path}~`, atime, mtime);
    renameSync(`${path}~`, path);
  },
];

// Two at a time, for two cores; together 200 edits.
for (const half of [0, 1]) {
  test(`${ROUNDS * FILES.length} times edited and run at once, never a stale answer (${half + 1} of 2)`, (t, place) =>
    editAndRun(t, place, half));
}

async function editAndRun(t: Test, place: Place, half: number): Promise<void> {
  const values: Record<Kind, number> = { script: 1000, imported: 1000, required: 1000, json: 1000, read: 1000 };
  for (const kind of FILES) place.write(sources[kind].name, sources[kind].source(1000));
  const script = join(place.work, sources.script.name);
  const expected = () => `${FILES.map((kind) => values[kind]).join()}\n`;
  t.equal((await place.script(script)).stdout, expected());
  const stale: unknown[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of FILES) {
      const way = (round + half) % ways.length;
      values[kind]++;
      ways[way]?.(join(place.work, sources[kind].name), sources[kind].source(values[kind]));
      const { stdout, stderr } = await place.script(script);
      if (stdout !== expected() || stderr !== '') stale.push({ kind, way, stdout, stderr, expected: expected() });
      // Half of the edits meet spares that wait, half a server that is just being made.
      if (round % 2 === 0 && (await place.script(script)).stdout !== expected())
        stale.push({ kind, way, second: true });
    }
  }
  t.strictSame(stale, []);
}
