/** Sandboxes to put a call into. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { paths } from '../helpers/index.js';

export interface Sandbox {
  /** What comes before a command that runs in it. */
  readonly inside: readonly string[];
  /** The same for a command outside of it, where that is a sandbox too; default: nothing. */
  readonly outside?: readonly string[];
}

/** `confine` is the program that test/native/confine.c makes. */
export function sandboxes(confine: string): Record<string, Sandbox> {
  return {
    no_new_privs: { inside: ['setpriv', '--no-new-privs'] },
    'no capability': { inside: ['setpriv', '--bounding-set', '-all', '--inh-caps', '-all'] },
    'a capability less': { inside: ['setpriv', '--bounding-set', '-net_raw'] },
    'an inheritable capability': { inside: ['setpriv', '--inh-caps', '+net_raw'] },
    securebits: { inside: ['setpriv', '--securebits', '+noroot'] },
    'another group': { inside: ['setpriv', '--groups', '7'] },
    'a seccomp filter': { inside: [confine, 'seccomp'], outside: [confine] },
    'a second seccomp filter': { inside: [confine, 'seccomp', 'seccomp'], outside: [confine, 'seccomp'] },
    'a mount namespace': { inside: ['unshare', '--mount'] },
    'a pid namespace': { inside: ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] },
    'a network namespace': { inside: ['unshare', '--net'] },
    'a host name of its own': { inside: ['unshare', '--uts'] },
    'an ipc namespace': { inside: ['unshare', '--ipc'] },
    'a cgroup namespace': { inside: ['unshare', '--cgroup'] },
    'a time namespace': { inside: ['unshare', '--time'] },
    'a user namespace': { inside: ['unshare', '--user', '--map-root-user'] },
    bubblewrap: {
      inside: ['bwrap', '--bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--unshare-all', '--die-with-parent'],
    },
    'bubblewrap, only mounts': { inside: ['bwrap', '--dev-bind', '/', '/', '--die-with-parent'] },
  };
}

/** Compiles the program into a folder that calls can reach. */
export function compileConfine(folder: string): string {
  const output = join(folder, 'confine');
  const source = join(paths.packageRoot, 'test', 'native', 'confine.c');
  execFileSync('cc', ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-o', output, source]);
  return output;
}

/** Why a command cannot be run in it on this machine. */
export function whyNot(before: readonly string[]): string | false {
  const [program = '', ...args] = [...before, 'true'];
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return false;
  return error?.message ?? `${program}: ${stderr.trim()}`;
}
