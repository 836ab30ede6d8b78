import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { isAlive, readMemory, readStat } from '../../dist/rundir/index.js';
import { waitFor } from '../helpers/index.js';

test('a process is known by its number and its start time', async (t) => {
  const found = readStat(process.pid);
  t.equal(found?.parent, process.ppid);
  const startTime = found?.startTime ?? -1;
  t.ok(startTime > 0);
  t.ok(isAlive({ pid: process.pid, startTime }));
  t.notOk(isAlive({ pid: process.pid, startTime: startTime + 1 }), 'another process of the same number');
  t.notOk(isAlive({ pid: 2 ** 22 + 1, startTime }), 'no such process');
});

test('a name with parentheses and spaces does not shift the fields', async (t) => {
  const child = spawn('sh', ['-c', 'printf ") R 1 (" > /proc/$$/comm; echo; read line'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  const { pid = 0 } = child;
  t.equal(readFileSync(`/proc/${pid}/comm`, 'utf8'), ') R 1 (\n');
  t.match(readStat(pid), { parent: process.pid, state: /^[RS]$/ });
  t.ok(isAlive({ pid, startTime: readStat(pid)?.startTime ?? 0 }));
  child.stdin.end();
  await once(child, 'exit');
});

test('a zombie is not alive', async (t) => {
  // The shell's child ends when the shell has become another program, which never waits for it: a shell would.
  const child = spawn('sh', ['-c', 'exec 3<&0; read line <&3 & echo $!; exec sleep 30'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = Number(data.toString());
  await waitFor('the other program', () => readFileSync(`/proc/${child.pid}/comm`, 'utf8') === 'sleep\n');
  child.stdin.end();
  const zombie = await waitFor('a zombie', () => (readStat(pid)?.state === 'Z' ? readStat(pid) : undefined));
  t.notOk(isAlive({ pid, startTime: zombie.startTime }));
  child.kill();
  await once(child, 'exit');
});

test('memory is that of the process and its share of the rest', async (t) => {
  const memory = readMemory(process.pid) ?? 0;
  const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
  t.ok(memory > 5e6 && memory < resident * 1.5, `${memory} of ${resident}`);
  t.equal(readMemory(2 ** 22 + 1), undefined);
});
