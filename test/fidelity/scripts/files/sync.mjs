import * as fs from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
fs.mkdirSync('a/b', { recursive: true });
fs.writeFileSync('a/b/file', 'content');
fs.appendFileSync('a/b/file', ' and more');
fs.copyFileSync('a/b/file', 'copy');
fs.renameSync('copy', 'renamed');
fs.symlinkSync('renamed', 'link');
fs.linkSync('renamed', 'hard');
fs.chmodSync('hard', 0o600);
fs.truncateSync('a/b/file', 3);
fs.utimesSync('hard', 1, 2);
console.log(
  fs
    .readdirSync('.', { withFileTypes: true })
    .map((entry) => `${entry.name} ${entry.isFile()}`)
    .sort()
    .join(),
);
console.log(
  fs.statSync('hard').mtimeMs,
  fs.statSync('hard').nlink,
  fs.readlinkSync('link'),
  fs.realpathSync('link').split('/').at(-1),
);
fs.rmSync('a', { recursive: true });
console.log(fs.existsSync('a'));
