/** The proof: a script is run twice, and the second run must be a fork of the first. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../here.js';
import { Failure } from '../failure.js';
import { findLauncher } from '../launcher.js';
import { withTrial } from '../trial.js';
import { broken, type Finding, fine } from './finding.js';

const LIMIT_MS = 20_000;

/** In a run directory of its own, so that nothing of the user's is touched. */
export function checkFork(): Finding {
  let launcher: string;
  try {
    launcher = findLauncher();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return broken('fork', 'there is no launcher to try it with', 'see above');
  }
  return withTrial((folder, env) => {
    const script = join(folder, 'trial.cjs');
    const library = JSON.stringify(join(packageRoot, 'dist', 'cjs', 'index.js'));
    writeFileSync(script, `console.log(require(${library}).initialisationComplete());\n`);
    const first = run(launcher, script, env);
    const second = run(launcher, script, env);
    if (first.answer === 'true' && second.answer === 'true') return fine('fork', `a second run took ${second.ms} ms`);
    return broken(
      'fork',
      second.said || first.said || 'the trial script was not forked',
      'see docs/troubleshooting.md',
    );
  });
}

function run(launcher: string, script: string, env: NodeJS.ProcessEnv): { answer: string; said: string; ms: number } {
  const begun = performance.now();
  const { stdout, stderr, error } = spawnSync(launcher, ['-U', 'node', script], {
    encoding: 'utf8',
    timeout: LIMIT_MS,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  return { answer: (stdout ?? '').trim(), said, ms: Math.round((performance.now() - begun) * 10) / 10 };
}
