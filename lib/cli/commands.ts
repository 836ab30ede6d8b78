/** The commands of `prefork`, in the order in which help lists them. */
import type { Command } from './command.js';
import { installCommand } from './install.js';
import { logsCommand } from './logs.js';
import { lsCommand } from './ls.js';
import { stopCommand } from './stop.js';
import { uninstallCommand } from './uninstall.js';
import { whyCommand } from './why.js';

export const commands: readonly Command[] = [
  lsCommand,
  stopCommand,
  whyCommand,
  logsCommand,
  installCommand,
  uninstallCommand,
];
