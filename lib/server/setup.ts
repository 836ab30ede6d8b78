/** From a script that a launcher started to a server, its executors, or a single unforked call. */
import { readlinkSync } from 'node:fs';
import process from 'node:process';
import { type Addon, loadAddon } from '../addon.js';
import { becomeCall, setPid } from '../executor/become-call.js';
import { findStreamOutOfReach, findUnchangeable } from '../executor/changeable.js';
import { dropRandomnessOfServer } from '../executor/randomness.js';
import { rehearse } from '../executor/rehearse.js';
import { takeOverStreams } from '../executor/stream-properties.js';
import type { Options } from '../options.js';
import { noteFiles, rememberUnforkable } from './files.js';
import { closeInherited } from './inherited.js';
import { type Launch, parseLaunch } from './launch.js';
import { openLog, Severity } from './log.js';
import { refuseFirstCall } from './refuse.js';
import { serve } from './serve.js';

const { deleteProperty } = Reflect;

/** A process that was started by a launcher and has not completed its initialisation. */
export interface Setup {
  /** Ends initialisation. Returns true in every executor, false in a call that could not be forked. */
  complete(options: Options, alsoCheck: readonly string[]): boolean;
}

/**
 * Called when the library loads.
 *
 * @param variable the value of PREFORK_INTERP.
 * @returns nothing where this process merely inherited the variable, and in a worker: the main thread is what a launcher has started.
 */
export function prepare(variable: string): Setup | undefined {
  if (isWorker()) return undefined;
  const launch = parseLaunch(variable);
  if (!launch) return undefined;
  // Programs that the script starts are not started by a launcher.
  deleteProperty(process.env, 'PREFORK_INTERP');
  takeOverStreams();
  const addon = loadAddonOrRefuse(launch);
  // From here on V8's work runs on threads of which a fork knows.
  const problem = addon.startEngine();
  return { complete: (options, alsoCheck) => complete(launch, addon, problem, options, alsoCheck) };
}

/** The kernel is asked, since node:worker_threads changes `process` when it is loaded, and throws where that is frozen. */
function isWorker(): boolean {
  try {
    const [pid, , thread] = readlinkSync('/proc/thread-self').split('/');
    return pid !== thread;
  } catch {
    // No /proc: then nothing can be forked anyway.
    return false;
  }
}

/** Nothing of the call has run, so its client can run it plainly. One of version 1 does not understand that. */
function loadAddonOrRefuse(launch: Launch): Addon {
  try {
    return loadAddon();
  } catch (error) {
    if (!launch.extended) throw error;
    return refuseFirstCall(launch.firstCall, `its addon cannot be loaded: ${(error as Error).message}`);
  }
}

function complete(
  launch: Launch,
  addon: Addon,
  engineProblem: string | null,
  options: Options,
  alsoCheck: readonly string[],
): boolean {
  openLog(launch, addon, options);
  noteFiles(launch, addon, options, alsoCheck);
  const problem =
    engineProblem ??
    explainUnchangeable(findUnchangeable()) ??
    addon.unforkable(ours(launch), launch.notes) ??
    (launch.extended ? null : leaveParent(launch, addon));
  const name = addon.takeName(launch.listener, launch.notes, problem === null, options.ignoreVariables ?? []);
  if (problem !== null) return runUnforked(launch, addon, problem, name.path);
  // Without a problem there is another server of this name, which the next call finds.
  if (!name.served) return runUnforked(launch, addon, name.problem, null);
  const executor = serve(launch, name, addon, options);
  if (typeof executor === 'object') return runUnforked(launch, addon, executor.problem, name.path);
  if (executor === 'spare') {
    dropRandomnessOfServer();
    if (!addon.isCalled()) rehearse(addon);
  }
  becomeCall(addon, addon.awaitCall());
  return true;
}

function explainUnchangeable(name: string | null): string | null {
  return name === null ? null : `${name} cannot be changed: it was frozen, sealed or made not configurable`;
}

/** Under a launcher of version 1 those that it let through are open still. */
function ours({ extended, listener, firstCall, watcherIn, watcherError, notes }: Launch): number[] | null {
  return extended ? [listener, firstCall, watcherIn, watcherError, notes] : null;
}

/** A launcher of version 1 waits for the process that it started to exit with 0, so the server is a child of it. */
function leaveParent(launch: Launch, addon: Addon): string | null {
  closeInherited(launch);
  let problem: string | null;
  do problem = addon.leaveParent();
  while (problem === 'busy');
  if (problem === null) setPid(Number(readlinkSync('/proc/self')));
  return problem;
}

/** Initialisation has run once, and the first caller waits for this process: so it becomes that call. Without a reason
 * nobody is told. `socket`: by which name that is to be remembered. */
function runUnforked(launch: Launch, addon: Addon, reason: string, socket: string | null): boolean {
  if (reason !== '') addon.log(Severity.Warning, `cannot be forked: ${reason}`);
  if (!launch.extended) {
    // A launcher of version 1 sends its request only after this process has ended, so there is no call to become.
    process.stderr.write(`prefork-interp: cannot serve ${launch.script}: ${reason}\n`);
    process.exit(127);
  }
  // First the word that it cannot be forked, for those who start over.
  rememberUnforkable(socket, addon, reason);
  addon.giveUpName(launch.listener);
  // Initialisation may have opened it, and so another than the call's.
  if (findStreamOutOfReach() !== null) refuseFirstCall(launch.firstCall, reason);
  const call = addon.adoptFirstCall(launch.firstCall, reason);
  // The client has gone, and with it whoever waits for the result; or it merely wanted a server. The script's exit listeners belong to calls.
  if (!call) return (process as unknown as { reallyExit(code: number): never }).reallyExit(127);
  becomeCall(addon, call);
  return false;
}
