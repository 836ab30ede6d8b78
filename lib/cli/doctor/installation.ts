/** Node, the launcher, and how `#!` finds it. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from '../failure.js';
import { findLauncher } from '../launcher.js';
import { broken, doubtful, type Finding, fine } from './finding.js';

/** Whether this Node is one that can be forked. */
export function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const found = `${process.version} at ${process.execPath}`;
  const supported = major >= 24 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
  return supported
    ? fine('Node', found)
    : broken('Node', `${found} is not supported`, 'use Node 20.19, 22.12, 24 or a later one');
}

/** The native launcher of this package, and what `prefork-interp` leads to in PATH. */
export function checkLauncher(): Finding[] {
  let program: string;
  try {
    program = findLauncher();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [broken('launcher', error.message, 'scripts run all the same')];
  }
  const version = versionOf(program);
  if (version === undefined)
    return [broken('launcher', `${program} does not run`, 'is its file system mounted noexec? install elsewhere')];
  return [fine('launcher', program), checkPath(version)];
}

function checkPath(version: string): Finding {
  const place = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'prefork-interp'))
    .find(isExecutable);
  if (place === undefined)
    return doubtful(
      '#! line',
      'prefork-interp is not in PATH',
      'run prefork install, or name the launcher by its path',
    );
  const found = versionOf(place);
  if (found === undefined)
    return doubtful(
      '#! line',
      `${place} is another program (Debian's chiark-utils-bin has one), or does not run`,
      'run prefork install, and put its folder first in PATH',
    );
  if (found !== version)
    return doubtful('#! line', `${place} is version ${found}, this package ${version}`, 'run prefork install');
  return isScript(place)
    ? doubtful(
        '#! line',
        `${place} is the shell script that finds the launcher, which costs half a millisecond a call`,
        'run prefork install --prefix DIR with a DIR of your own, and put DIR/bin first in PATH',
      )
    : fine('#! line', `#!${place} -U node`);
}

/** `undefined` where it does not run, or is not ours: Debian's knows no --version. */
function versionOf(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 5000 });
  if (status !== 0) return undefined;
  return /^prefork-interp (\S+)$/m.exec(stdout)?.[1];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isScript(path: string): boolean {
  try {
    return readFileSync(realpathSync(path)).subarray(0, 2).toString('latin1') === '#!';
  } catch {
    return false;
  }
}

/** Variables that make scripts run plainly, or mean something else here. */
export function checkVariables(): Finding[] {
  const { PREFORK_INTERP_DISABLE: disabled = '', LD_PRELOAD: preload = '', NODE_OPTIONS: options = '' } = process.env;
  const findings: Finding[] = [];
  if (disabled !== '' && disabled !== '0')
    findings.push(broken('variables', `PREFORK_INTERP_DISABLE=${disabled}: scripts run plainly`, 'unset it'));
  if (preload !== '') findings.push(broken('variables', `LD_PRELOAD=${preload}: scripts run plainly`, 'unset it'));
  if (/--(inspect|cpu-prof|prof\b|no-addons)/.test(options))
    findings.push(broken('variables', `NODE_OPTIONS=${options}: scripts run plainly`, 'unset it'));
  return findings.length > 0 ? findings : [fine('variables', 'none stands in the way')];
}
