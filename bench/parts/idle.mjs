/** What wakes up while nobody calls. */
import { setTimeout as sleep } from 'node:timers/promises';
import { settledProcesses, switches } from '../processes.mjs';

const CALLS = 5;

/** Sums over the threads of all processes of a role. */
export async function measureIdle(place, { short }) {
  const seconds = short ? 15 : 60;
  for (let call = 0; call < CALLS; call++) place.run(place.forked('hello.mjs'));
  const processes = await settledProcesses(place);
  const before = processes.map(({ pid }) => switches(pid));
  await sleep(seconds * 1000);
  const sums = { seconds, server: 0, spare: 0, monitor: 0, watcher: 0 };
  processes.forEach(({ role, pid }, index) => {
    sums[role] = (sums[role] ?? 0) + switches(pid) - before[index];
  });
  return sums;
}
