/** The processes of a soak or of chaos, found by their environment, and where they stand. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';

const DEBUGGER_MS = 20_000;

/** Live processes whose run directory lies in the folder, with those of their children that have an environment of their own (monitors). */
export function processesOf(folder) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((one) => one !== undefined);
  const ours = new Set(all.filter(({ pid }) => belongsTo(pid, folder)).map(({ pid }) => pid));
  for (let before = -1; before !== ours.size; ) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  return all.filter(({ pid }) => ours.has(pid) && pid !== process.pid);
}

function readProcess(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!stat || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const command = read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
  const [parent, session] = [fields[1], fields[3]].map(Number);
  return { pid, state: fields[0], parent, session, startTime: fields[19], command };
}

function belongsTo(pid, folder) {
  return read(`/proc/${pid}/environ`).includes(`XDG_RUNTIME_DIR=${folder}/`) || opensFileOf(pid, folder);
}

function opensFileOf(pid, folder) {
  return filesOf(pid).some((target) => target.startsWith(`${folder}/`));
}

function filesOf(pid) {
  const names = attempt(() => readdirSync(`/proc/${pid}/fd`), []);
  return names.map((name) => attempt(() => readlinkSync(`/proc/${pid}/fd/${name}`), ''));
}

/** State and place in the kernel of every thread, and a debugger's back trace where there is one. */
export async function describeProcess({ pid, parent, state, command }) {
  const lines = [`process ${pid}, child of ${parent}, state ${state}: ${command}`];
  for (const thread of attempt(() => readdirSync(`/proc/${pid}/task`), [])) {
    const of = (file) => read(`/proc/${pid}/task/${thread}/${file}`).trim();
    lines.push(`  thread ${thread} ${of('comm')}: waits in ${of('wchan')}, system call ${of('syscall')}`);
    const stack = of('stack');
    if (stack) lines.push(stack.replace(/^/gm, '    '));
  }
  const trace = await backTrace(pid);
  return trace ? `${lines.join('\n')}\n${trace.replace(/^/gm, '    ')}` : lines.join('\n');
}

/** Where gdb is not installed, what the kernel tells must do. */
async function backTrace(pid) {
  const args = ['-p', `${pid}`, '-batch', '-ex', 'thread apply all backtrace 20'];
  try {
    const { stdout } = await promisify(execFile)('gdb', args, { timeout: DEBUGGER_MS, killSignal: 'SIGKILL' });
    return stdout
      .split('\n')
      .filter((line) => /^(#|Thread )/.test(line))
      .join('\n');
  } catch {
    return '';
  }
}

export function endProcess(one) {
  signalProcess(one, 'SIGKILL');
}

/** Unless its number has come to mean another, or it has gone. Whether the signal was sent. */
export function signalProcess({ pid, startTime }, signal) {
  return readProcess(pid)?.startTime === startTime && attempt(() => process.kill(pid, signal), false);
}

/** Whether one of its descriptors is one of these sockets, given by inode. */
export function holdsSocket({ pid }, inodes) {
  return filesOf(pid).some((target) => inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1]));
}

/** The inodes of the sockets in a folder that somebody listens on. */
export function listenersIn(folder) {
  const inodes = new Set();
  for (const line of read('/proc/net/unix').split('\n')) {
    // Address, references, protocol, flags (10000: it listens), type, state, inode, path.
    const [, , , flags, , , inode, path] = line.trim().split(/\s+/);
    if (flags === '00010000' && path?.startsWith(`${folder}/`)) inodes.add(inode);
  }
  return inodes;
}

function read(path) {
  return attempt(() => readFileSync(path, 'utf8'), '');
}

/** A process may go while it is looked at. */
function attempt(action, otherwise) {
  try {
    return action();
  } catch {
    return otherwise;
  }
}
