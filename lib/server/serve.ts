/** Becomes the server; returns only in executors, and where it cannot become one. */
import { closeSync, constants, openSync } from 'node:fs';
import { type Addon, type Name, programDirectory } from '../addon.js';
import { collectYoungGeneration } from '../executor/garbage.js';
import { prepareForSpares, serveInterrupts } from '../executor/rehearse.js';
import { prepareStdio } from '../executor/stdio.js';
import type { Options } from '../options.js';
import { writeInformation } from './information.js';
import type { Launch } from './launch.js';
import { Severity } from './log.js';

const DEFAULT_SPARES = 2;
const DEFAULT_IDLE_SECONDS = 3600;
/** More than that is for ever: 30 years of seconds, and more calls at a time than there can be processes. */
const MOST_IDLE_SECONDS = 1e9;
const MOST_CALLS = 0x7fffffff;

/** O_PATH, which Node's constants do not name: the program is only executed, and stays the same when the package is replaced. */
const O_PATH = 0o10000000;

export function serve(
  launch: Launch,
  name: Name,
  addon: Addon,
  options: Options,
): 'spare' | 'first' | { problem: string } {
  const idleSeconds = options.idleTimeout ?? DEFAULT_IDLE_SECONDS;
  let monitorProgram: number;
  try {
    monitorProgram = openSync(`${programDirectory()}/prefork-interp-monitor`, O_PATH | constants.O_RDONLY);
  } catch (error) {
    return { problem: `its monitor cannot be opened: ${(error as Error).message}` };
  }
  const problem = addon.becomeServer({
    listener: launch.listener,
    firstCall: launch.firstCall,
    watcherIn: launch.watcherIn,
    watcherError: launch.watcherError,
    monitorProgram,
    extended: launch.extended,
    spares: options.spares ?? DEFAULT_SPARES,
    maxCalls: Math.min(options.maxCalls ?? 0, MOST_CALLS),
    idleSeconds: idleSeconds < MOST_IDLE_SECONDS ? idleSeconds : 0,
    script: launch.script,
    interpreterArguments: launch.interpreterArguments,
  });
  if (problem !== null) {
    closeSync(monitorProgram);
    return { problem };
  }
  prepareStdio();
  collectYoungGeneration(addon);
  // Nobody takes it away from where a launcher of version 1 keeps its sockets.
  if (launch.extended) writeInformation(name, launch.script);
  for (;;) {
    const role = addon.serve();
    if (role === 'spare' || role === 'first') return role;
    if (role === 'calm') warn(addon, prepareForSpares(addon));
    else serveInterrupts();
  }
}

function warn(addon: Addon, text: string | null): void {
  if (text !== null) addon.log(Severity.Warning, text);
}
