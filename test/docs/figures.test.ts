/** Figures in the documents are those of the run that is published, and none stand there without one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths, test } from '../helpers/index.js';

test('the figures of the documents are those of bench/published.json', async (t) => {
  const { renderDocs } = await import(join(paths.packageRoot, 'bench', 'docs.mjs'));
  const documents: [string, string][] = Object.entries(renderDocs());
  t.ok(documents.length >= 2);
  for (const [path, content] of documents) {
    t.equal(
      readFileSync(join(paths.packageRoot, path), 'utf8'),
      content,
      `${path}: npm run bench -- --write-docs FILE`,
    );
  }
});
