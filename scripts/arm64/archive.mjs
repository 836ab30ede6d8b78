/** A root file system as the kernel unpacks it into memory: an archive in the `newc` form of cpio. */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const DIRECTORY = 0o040755;
const PROGRAM = 0o100755;
const LINK = 0o120777;
const DEVICE = 0o020600;

export class Archive {
  #descriptor;
  #inode = 0;
  #known = new Set();

  constructor(path) {
    this.#descriptor = openSync(path, 'w');
    // What the first process has as its standard streams.
    this.#add('dev/console', DEVICE, Buffer.alloc(0), [5, 1]);
  }

  /** Puts a file, a link or a folder with all below it at a place, without following links. */
  copy(from, to) {
    const found = lstatSync(from);
    if (found.isSymbolicLink()) this.#add(to, LINK, Buffer.from(readlinkSync(from)));
    else if (found.isDirectory()) for (const name of readdirSync(from)) this.copy(join(from, name), join(to, name));
    else this.write(to, readFileSync(from));
  }

  write(to, content) {
    this.#add(to, PROGRAM, Buffer.from(content));
  }

  end() {
    this.#add('TRAILER!!!', 0, Buffer.alloc(0));
    closeSync(this.#descriptor);
  }

  #add(name, mode, content, [major, minor] = [0, 0]) {
    const folders = name.split('/').slice(0, -1);
    for (const index of folders.keys()) this.#addFolder(folders.slice(0, index + 1).join('/'));
    this.#writeEntry(name, mode, content, major, minor);
  }

  #addFolder(name) {
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.#writeEntry(name, DIRECTORY, Buffer.alloc(0), 0, 0);
  }

  #writeEntry(name, mode, content, major, minor) {
    const size = Buffer.byteLength(name) + 1;
    const fields = [++this.#inode, mode, 0, 0, 1, 0, content.length, 0, 0, major, minor, size, 0];
    const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
    for (const part of [Buffer.from(head), content]) {
      for (let at = 0; at < part.length; ) at += writeSync(this.#descriptor, part, at);
      writeSync(this.#descriptor, Buffer.alloc(-part.length & 3));
    }
  }
}
