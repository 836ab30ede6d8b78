/** A call of the launcher, ended when it hangs. */
import { spawn } from 'node:child_process';

const HANG_MS = 60_000;

/** Runs the launcher. When it hangs, `describe` tells what is to be seen, before it is ended. `onStart` gets its number. */
export function runCall(launcher, words, environment, describe, onStart = () => {}) {
  return new Promise((resolve) => {
    const child = spawn(launcher, words, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = { code: null, signal: null, out: '', err: '', seen: '', hung: false };
    const limit = setTimeout(async () => {
      ended.hung = true;
      ended.seen = await describe();
      child.kill('SIGKILL');
    }, HANG_MS);
    child.stdout.on('data', (chunk) => {
      ended.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      ended.err += chunk;
    });
    child.on('error', (error) => {
      ended.err += `${error}\n`;
    });
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ ...ended, code, signal });
    });
    onStart(child.pid);
  });
}
