/** Packages of Debian for another architecture, unpacked into a folder: neither installed nor known to this machine's dpkg. Needs apt-get and dpkg-deb. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SUITE = 'bookworm';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const LIMIT_MS = 600_000;

/**
 * @param architecture as Debian names it
 * @param packages names; of `linux-image` the kernel that it stands for now
 * @param folder where it is kept; it is made once
 * @throws {Error} where they cannot be had
 */
export function unpackDebian(architecture, packages, folder) {
  if (existsSync(folder)) return;
  const partial = `${folder}.${process.pid}`;
  const state = join(partial, 'apt');
  for (const name of ['lists/partial', 'cache/archives/partial', 'sources'])
    mkdirSync(join(state, name), { recursive: true });
  writeFileSync(join(state, 'status'), '');
  writeFileSync(
    join(state, 'sources', 'debian.sources'),
    `Types: deb\nURIs: http://deb.debian.org/debian\nSuites: ${SUITE}\nComponents: main\nSigned-By: ${KEYRING}\n`,
  );
  const options = [
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    'APT::Sandbox::User=root',
    `Dir::State=${state}`,
    `Dir::State::status=${state}/status`,
    `Dir::Cache=${state}/cache`,
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${state}/sources`,
  ].flatMap((option) => ['-o', option]);
  try {
    run('apt-get', [...options, '-q', 'update'], state);
    const names = packages.map((name) => (name === 'linux-image' ? kernelOf(architecture, options) : name));
    run('apt-get', [...options, '-q', 'download', ...names], state);
    mkdirSync(join(partial, 'root'));
    for (const name of readdirSync(state).filter((one) => one.endsWith('.deb')))
      run('dpkg-deb', ['-x', join(state, name), join(partial, 'root')], state);
    renameSync(join(partial, 'root'), folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** linux-image-arm64 is an empty package that depends on the kernel of the day. */
function kernelOf(architecture, options) {
  const said = run('apt-cache', [...options, 'depends', `linux-image-${architecture}`], '/');
  const name = /Depends: (linux-image-\S+)/.exec(said)?.[1];
  if (name === undefined) throw new Error(`no kernel for ${architecture}`);
  return name;
}

function run(program, args, cwd) {
  const { error, status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: LIMIT_MS });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.at(-1)}: ${stderr.trim().split('\n').at(-1)}`);
  return stdout;
}
