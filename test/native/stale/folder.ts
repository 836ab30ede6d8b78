/** The folder of a case: what is in it at first, and what can be done to it. */
import * as fs from 'node:fs';
import { join } from 'node:path';

export class Folder {
  constructor(readonly root: string) {
    fs.mkdirSync(root, { recursive: true });
    this.write('file', 'hello');
    this.write('dir/inside', 'x');
    this.write('deep/b/c/file', '1');
    // `current/file` and `link` lead to v1/file; `up/../file` to far/file, by the kernel's way of reading it.
    this.write('v1/file', '1');
    this.write('v2/file', '2');
    this.link('v1', 'current');
    this.link('current/file', 'link');
    this.write('far/file', 'far');
    this.make('far/below');
    this.link('far/below', 'up');
    this.link('nowhere/yet', 'dangling');
    this.write('twin', 'twin');
    fs.linkSync(this.path('twin'), this.path('twin-too'));
    this.write('socket', '');
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string, text: string): void {
    fs.mkdirSync(join(this.path(name), '..'), { recursive: true });
    fs.writeFileSync(this.path(name), text);
  }

  replace(name: string, text: string): void {
    this.write(`${name}.draft`, text);
    this.move(`${name}.draft`, name);
  }

  append(name: string, text: string): void {
    fs.appendFileSync(this.path(name), text);
  }

  /** Writes as `cp -p` and `rsync -t` do: the time stamp is what it was. */
  writeKeepingTime(name: string, text: string): void {
    const { atimeNs, mtimeNs } = fs.statSync(this.path(name), { bigint: true });
    this.write(name, text);
    fs.utimesSync(this.path(name), seconds(atimeNs), seconds(mtimeNs));
  }

  /** Gives a file a time stamp that writeKeepingTime can restore: utimes takes whole microseconds at best. */
  age(name: string): void {
    fs.utimesSync(this.path(name), 1_600_000_000, 1_600_000_000.5);
  }

  touch(name: string): void {
    const now = Date.now() / 1000;
    fs.utimesSync(this.path(name), now, now);
  }

  chmod(name: string, mode: number): void {
    fs.chmodSync(this.path(name), mode);
  }

  chown(name: string): void {
    const { uid, gid } = fs.statSync(this.path(name));
    fs.chownSync(this.path(name), uid, gid);
  }

  truncate(name: string, size: number): void {
    fs.truncateSync(this.path(name), size);
  }

  make(name: string): void {
    fs.mkdirSync(this.path(name), { recursive: true });
  }

  move(from: string, to: string): void {
    fs.renameSync(this.path(from), this.path(to));
  }

  remove(name: string): void {
    fs.rmSync(this.path(name), { recursive: true });
  }

  /** A symbolic link, in place of the one that may be there. */
  link(target: string, name: string): void {
    fs.symlinkSync(target, this.path('draft'));
    this.move('draft', name);
  }

  hardLink(from: string, to: string): void {
    fs.linkSync(this.path(from), this.path(to));
  }

  read(name: string): void {
    fs.readFileSync(this.path(name));
  }

  /** Opens a file for writing and leaves it as it is. */
  openForWriting(name: string): void {
    fs.closeSync(fs.openSync(this.path(name), 'r+'));
  }

  /** Holds a file open while something is done. */
  holding(name: string, act: () => void): void {
    const fd = fs.openSync(this.path(name), 'r');
    act();
    fs.closeSync(fd);
  }
}

function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}
