/** `prefork restart`: servers are ended, and started anew at once. */
import { existsSync } from 'node:fs';
import { defineCommand } from './command.js';
import { ExitCode } from './failure.js';
import { checkTargets, stopServers, targetOptions } from './stop.js';
import { warmScript } from './warm.js';

export const restartCommand = defineCommand({
  usage: 'restart [target..]',
  describe: 'stop servers and start them anew, with the environment of now',
  options: targetOptions,
  run: ({ target, all }) => restart(checkTargets('restart', target.map(String), all)),
});

/** A script had perhaps several servers, of several environments: from here one a directory can be started. */
async function restart(targets: readonly string[] | undefined): Promise<ExitCode> {
  const { code, stopped } = await stopServers(targets);
  const places = new Map(stopped.map(({ script, cwd }) => [JSON.stringify([script, cwd]), { script, cwd }]));
  let allWarm = true;
  for (const { script, cwd } of places.values())
    if (!warmScript(script, existsSync(cwd) ? cwd : process.cwd())) allWarm = false;
  return allWarm ? code : ExitCode.None;
}
