/** Killing those who take part in calls, and stopping them for a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { signalProcess } from '../soak/processes.mjs';
import { partiesOf } from './parties.mjs';

export class Blows {
  #place;
  #clients;
  #done = [];
  #pending = new Set();

  /** `clients`: the numbers of the calls that run, by process. */
  constructor(place, clients) {
    this.#place = place;
    this.#clients = clients;
  }

  /** Does what is planned for a call, later. */
  begin(plan) {
    const blow = this.#strike(plan).finally(() => this.#pending.delete(blow));
    this.#pending.add(blow);
  }

  /** Until whatever was stopped goes on. */
  async settled() {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Those that can have to do with a call that was started then: what was stopped before may have gone on only since. */
  since(time) {
    return this.#done.filter(({ until }) => until >= time);
  }

  tally() {
    const table = {};
    for (const { kind, how } of this.#done) table[`${kind} ${how}`] = (table[`${kind} ${how}`] ?? 0) + 1;
    return table;
  }

  async #strike({ blow }) {
    await sleep(blow.afterMs);
    const parties = partiesOf(this.#place, this.#clients);
    const found = blow.kinds.map((kind) => parties.filter((one) => one.kind === kind)).find(({ length }) => length > 0);
    const victim = found?.[blow.index % found.length];
    if (!victim || !signalProcess(victim, blow.how === 'killed' ? 'SIGKILL' : 'SIGSTOP')) return;
    const { kind, pid } = victim;
    const done = { kind, pid, how: blow.how, call: this.#clients.get(pid), at: performance.now(), until: Infinity };
    this.#done.push(done);
    if (blow.how === 'stopped') {
      await sleep(blow.stoppedMs);
      signalProcess(victim, 'SIGCONT');
    }
    done.until = performance.now();
  }
}
