/** Package managers of several versions, each from the registry, without anything of the machine's own but the way to the registry. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Place, paths, type Result } from '../helpers/index.js';

const INSTALL_LIMIT_MS = 120_000;

/** What has been fetched is kept between runs, where `npm ci` takes it away. */
const cache = join(paths.packageRoot, 'node_modules', '.cache', 'install-tests');

/** All that may be in PATH beside Node: what the links and shims of package managers start. No compiler, no make, no Python. */
const TOOLS = ['sh', 'env', 'dirname', 'sed', 'uname', 'readlink', 'cat', 'ls'];

export interface Manager {
  readonly name: string;
  /** As the registry knows it. */
  readonly spec: string;
  readonly entry: string;
  /** The oldest Node that it runs on, if that is newer than our own oldest. */
  readonly node?: number;
  readonly local: (tarball: string) => string[];
  readonly global: (tarball: string, prefix: string) => string[];
}

const NPM_OPTIONS = ['--no-audit', '--no-fund', '--prefer-offline'];

function npm(major: number, node?: number): Manager {
  return {
    name: `npm ${major}`,
    spec: `npm@${major}`,
    entry: 'npm/bin/npm-cli.js',
    ...(node === undefined ? {} : { node }),
    local: (tarball) => ['install', '--ignore-scripts', ...NPM_OPTIONS, tarball],
    global: (tarball, prefix) => ['install', '--global', '--prefix', prefix, ...NPM_OPTIONS, tarball],
  };
}

export const managers: readonly Manager[] = [
  npm(10),
  npm(11),
  npm(12, 24),
  {
    name: 'pnpm 10',
    spec: 'pnpm@10',
    entry: 'pnpm/bin/pnpm.cjs',
    local: (tarball) => ['add', '--ignore-scripts', '--prefer-offline', tarball],
    global: (tarball) => ['add', '--global', '--prefer-offline', tarball],
  },
];

/** Fetches a package into the cache, unless it is there, and returns its node_modules. */
function fetchPackage(spec: string): string {
  const folder = join(cache, spec.replace(/[^a-z0-9]/g, '-'));
  if (!existsSync(folder)) {
    const partial = `${folder}.${process.pid}`;
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'package.json'), '{}');
    const args = ['install', '--silent', '--ignore-scripts', ...NPM_OPTIONS, spec];
    const { status, stderr } = spawnSync('npm', args, { cwd: partial, encoding: 'utf8' });
    if (status !== 0) throw new Error(`cannot fetch ${spec}: ${stderr}`);
    try {
      renameSync(partial, folder);
    } catch {
      rmSync(partial, { recursive: true }); // Another run was first.
    }
  }
  return join(folder, 'node_modules');
}

/** A Node of at least this major version: the one that runs, one of .nodes/ (as in CI), or one from the registry. */
function nodeFrom(major: number): string {
  if (Number(process.versions.node.split('.')[0]) >= major) return process.execPath;
  const name = `node-linux-${process.arch}`;
  const nodes = join(paths.packageRoot, '.nodes');
  const found = existsSync(nodes) ? readdirSync(nodes).filter((one) => Number(one) >= major) : [];
  const modules = found[0] === undefined ? fetchPackage(`${name}@${major}`) : join(nodes, found[0], 'node_modules');
  return join(modules, name, 'bin', 'node');
}

/** A place's PATH has the tools above and a Node, and its environment leads to the registry and nowhere else on this machine. */
export function isolate(place: Place): void {
  const bin = join(place.root, 'bin');
  for (const tool of TOOLS) symlinkSync(join('/usr/bin', tool), join(bin, tool));
  for (const name of ['user.npmrc', 'global.npmrc']) writeFileSync(join(place.root, name), '');
  Object.assign(place.env, wayToRegistry(), {
    PATH: bin,
    SHELL: '/bin/sh',
    npm_config_cache: join(cache, 'npm-cache'),
    npm_config_store_dir: join(place.root, 'store'),
    npm_config_userconfig: join(place.root, 'user.npmrc'),
    npm_config_globalconfig: join(place.root, 'global.npmrc'),
    npm_config_update_notifier: 'false',
    PNPM_HOME: join(place.root, 'global', 'bin'),
  });
  rmSync(join(place.work, 'node_modules'), { recursive: true });
}

/** Of all that npm is told on this machine only this; other keys must not decide whether an installation works. */
function wayToRegistry(): NodeJS.ProcessEnv {
  const keys = ['registry', 'cafile', 'proxy', 'https-proxy', 'noproxy'];
  const { stdout } = spawnSync('npm', ['config', 'ls', '--json'], { encoding: 'utf8', cwd: '/' });
  const config = JSON.parse(stdout) as Record<string, unknown>;
  const given = keys.flatMap((key) => (typeof config[key] === 'string' && config[key] ? [[key, config[key]]] : []));
  const environment = Object.entries(process.env).filter(([name]) =>
    /^(https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/i.test(name),
  );
  return Object.fromEntries([
    ...environment,
    ...given.map(([key, value]) => [`npm_config_${String(key).replaceAll('-', '_')}`, value]),
  ]) as NodeJS.ProcessEnv;
}

/** Runs a package manager to its end; one that fails is an error. */
export async function manage(place: Place, manager: Manager, args: readonly string[]): Promise<Result> {
  const node = manager.node === undefined ? process.execPath : nodeFrom(manager.node);
  const program = join(fetchPackage(manager.spec), manager.entry);
  const env = { PATH: `${place.env['PNPM_HOME']}:${dirname(node)}:${place.env.PATH}` };
  const result = await place.startProgram(node, [program, ...args], { env, limitMs: INSTALL_LIMIT_MS }).ended;
  if (result.code !== 0) throw new Error(`${manager.name} ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return result;
}

/** Packs the package into a folder and returns the tarball's path. What it is made of has been built. */
export function pack(folder: string): string {
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: paths.packageRoot, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  return join(folder, stdout.trim());
}
