/** Where the log file is. The addon follows the same rules. */
import { isAbsolute, join } from 'node:path';

/** The path of the log file, whether or not it is there; its predecessor has `.1` behind. `undefined` when nothing says where it could be. */
export function logPath(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { XDG_STATE_HOME: state, HOME: home } = environment;
  if (state !== undefined && isAbsolute(state)) return join(state, 'prefork-interp-node', 'log');
  return home !== undefined && isAbsolute(home)
    ? join(home, '.local', 'state', 'prefork-interp-node', 'log')
    : undefined;
}
