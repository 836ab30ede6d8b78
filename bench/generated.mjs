/** Scripts that are made for a measurement; each returns its name in the work folder. */
import { mkdirSync, writeFileSync } from 'node:fs';

const END = `initialisationComplete();\nconsole.log('hello');\n`;
const IMPORT = "import { initialisationComplete } from 'prefork-interp';\n";

/** Reads so many files in its initialisation. */
export function noting(place, count) {
  const folder = place.file(`noted-${count}`);
  mkdirSync(folder);
  for (let i = 0; i < count; i++) writeFileSync(`${folder}/${i}.txt`, `${i}\n`);
  const name = `noting-${count}.mjs`;
  const read = `for (let i = 0; i < ${count}; i++) readFileSync('${folder}/' + i + '.txt');`;
  place.write(name, `import { readFileSync } from 'node:fs';\n${IMPORT}${read}\n${END}`);
  return name;
}

/** Holds so many megabytes in objects, which are what a collection has to look at. */
export function holding(place, megabytes) {
  const name = `holding-${megabytes}.mjs`;
  const fill = `const held = [];
while (process.memoryUsage().heapUsed < ${megabytes} * 2 ** 20) {
  for (let i = 0; i < 2000; i++) held.push({ number: i, text: 'held ' + i, others: [i, i + 1] });
}
globalThis.held = held;`;
  place.write(name, `${IMPORT}${fill}\n${END}`);
  return name;
}
