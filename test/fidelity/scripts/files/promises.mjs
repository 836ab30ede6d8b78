import { appendFile, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
await writeFile('file', 'one\n');
await appendFile('file', 'two\n');
const handle = await open('file', 'r+');
console.log((await handle.read(Buffer.alloc(3), 0, 3, 1)).bytesRead, (await handle.stat()).size, typeof handle.fd);
for await (const line of handle.readLines()) console.log(line);
console.log(await readFile('file', 'utf8'), (await readdir('.')).join(), (await stat('file')).isFile());
const directory = await mkdtemp('temporary-');
console.log(directory.length);
await rm(directory, { recursive: true });
