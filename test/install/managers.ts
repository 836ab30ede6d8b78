/** Package managers of several versions, each from the registry, without anything of the machine's own but the way to the registry. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
  /** Installs again what the lock file says, and nothing else. */
  readonly frozen?: readonly string[];
  readonly global?: (tarball: string, prefix: string) => string[];
  readonly env?: NodeJS.ProcessEnv;
  /** PNPM_HOME, below the place. */
  readonly home?: string;
}

/** Of a global installation, below the place: all of it, and what it links. */
export const GLOBAL = 'global';
export const GLOBAL_BIN = join(GLOBAL, 'bin');

const NPM_OPTIONS = ['--no-audit', '--no-fund', '--prefer-offline'];

function npm(major: number, node?: number): Manager {
  return {
    name: `npm ${major}`,
    spec: `npm@${major}`,
    entry: 'npm/bin/npm-cli.js',
    ...(node === undefined ? {} : { node }),
    local: (tarball) => ['install', '--ignore-scripts', ...NPM_OPTIONS, tarball],
    frozen: ['ci', ...NPM_OPTIONS],
    global: (tarball, prefix) => ['install', '--global', '--prefix', prefix, ...NPM_OPTIONS, tarball],
  };
}

/** From 11 on, what it links lies in a folder below its home. */
function pnpm(major: number, entry: string, home: string, node?: number): Manager {
  return {
    name: `pnpm ${major}`,
    spec: `pnpm@${major}`,
    entry: `pnpm/bin/${entry}`,
    ...(node === undefined ? {} : { node }),
    local: (tarball) => ['add', '--prefer-offline', tarball],
    frozen: ['install', '--frozen-lockfile', '--prefer-offline'],
    global: (tarball) => ['add', '--global', '--prefer-offline', tarball],
    home,
  };
}

/** These link what a script finds through PATH, locally and globally. */
export const npms: readonly Manager[] = [npm(10), npm(11), npm(12, 24)];
export const pnpms: readonly Manager[] = [
  pnpm(10, 'pnpm.cjs', GLOBAL_BIN),
  pnpm(11, 'pnpm.mjs', GLOBAL, 22),
  pnpm(12, 'pnpm.mjs', GLOBAL),
];

function yarn4(linker: string, env: NodeJS.ProcessEnv = {}): Manager {
  return {
    name: `Yarn 4 with ${linker}`,
    spec: '@yarnpkg/cli-dist@4',
    entry: '@yarnpkg/cli-dist/bin/yarn.js',
    local: (tarball) => ['add', `prefork-interp@file:${tarball}`],
    frozen: ['install', '--immutable'],
    env: { YARN_NODE_LINKER: linker, YARN_ENABLE_TELEMETRY: '0', ...env },
  };
}

/** They run a bin themselves, with a `node` of their own in PATH. */
export const yarnClassic: Manager = {
  name: 'Yarn classic',
  spec: 'yarn@1',
  entry: 'yarn/bin/yarn.js',
  local: (tarball) => ['--silent', 'add', tarball],
};
export const yarnModules: Manager = yarn4('node-modules');
export const yarnPnp: Manager = yarn4('pnp');
export const yarnPnpWithoutLoader: Manager = yarn4('pnp', { YARN_PNP_ENABLE_ESM_LOADER: 'false' });

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
    YARN_GLOBAL_FOLDER: join(cache, 'yarn'),
    YARN_CACHE_FOLDER: join(cache, 'yarn-cache'),
    npm_config_userconfig: join(place.root, 'user.npmrc'),
    npm_config_globalconfig: join(place.root, 'global.npmrc'),
    npm_config_update_notifier: 'false',
  });
  rmSync(join(place.work, 'node_modules'), { recursive: true });
}

/** What Yarn 4 calls a setting of npm. */
const YARN_NAMES: Readonly<Record<string, string>> = {
  registry: 'YARN_NPM_REGISTRY_SERVER',
  cafile: 'YARN_HTTPS_CA_FILE_PATH',
  proxy: 'YARN_HTTP_PROXY',
  https_proxy: 'YARN_HTTPS_PROXY',
};

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
    ...given.flatMap(([key, value]) => {
      const name = String(key).replaceAll('-', '_');
      return [`npm_config_${name}`, `pnpm_config_${name}`, YARN_NAMES[name] ?? ''].map((one) => [one, value]);
    }),
  ]) as NodeJS.ProcessEnv;
}

/** Runs a package manager to its end; one that fails is an error. */
export async function manage(place: Place, manager: Manager, args: readonly string[]): Promise<Result> {
  const node = manager.node === undefined ? process.execPath : nodeFrom(manager.node);
  const program = join(fetchPackage(manager.spec), manager.entry);
  const env = {
    ...manager.env,
    PATH: `${join(place.root, GLOBAL_BIN)}:${dirname(node)}:${place.env.PATH}`,
    ...(manager.home === undefined ? {} : { PNPM_HOME: join(place.root, manager.home) }),
  };
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

/** What an installation says of itself is another thing than what it warns of. */
export function complaintsOf({ stdout, stderr }: Result): string[] {
  const lines = `${stdout}${stderr}`.split('\n');
  return lines.filter((line) => /warn|\berr|ignored|deprecat|unmet/i.test(line));
}

/** The scripts that npm would run for what has been installed: the package's and those of all that it depends on. */
export function readScripts(place: Place): string[] {
  const modules = join(place.work, 'node_modules');
  return readdirSync(modules, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|\/)node_modules\/[^/]+\/package\.json$|^[^/]+\/package\.json$/.test(name))
    .flatMap((name) => {
      const { scripts = {} } = JSON.parse(readFileSync(join(modules, name), 'utf8')) as { scripts?: object };
      return Object.keys(scripts).filter((script) => /^(pre|post)?install$/.test(script));
    });
}
