/** The commands of `prefork`, in the order in which help lists them. */
import { benchCommand } from './bench.js';
import type { Command } from './command.js';
import { completionCommand } from './completion.js';
import { doctorCommand } from './doctor.js';
import { installCommand } from './install.js';
import { logsCommand } from './logs.js';
import { lsCommand } from './ls.js';
import { restartCommand } from './restart.js';
import { stopCommand } from './stop.js';
import { uninstallCommand } from './uninstall.js';
import { warmCommand } from './warm.js';
import { whyCommand } from './why.js';

export const commands: readonly Command[] = [
  lsCommand,
  stopCommand,
  restartCommand,
  warmCommand,
  whyCommand,
  benchCommand,
  logsCommand,
  doctorCommand,
  installCommand,
  uninstallCommand,
  completionCommand,
];
