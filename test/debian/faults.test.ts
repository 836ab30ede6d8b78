/** Each fault of the original that ours does not have (docs/chiark.md): what ours does, and where it is cheap and certain what theirs does. */
import { chmodSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { describe, type Place, type Result, spares, test, traced, waitFor } from '../helpers/index.js';
import { Chiark, chiarkTest, type Whose } from './chiark.js';

/** What our side does needs nothing of Debian's. */
function ourTest(name: string, body: (t: Test, chiark: Chiark) => Promise<void>): void {
  test(name, async (t, place) => {
    const chiark = new Chiark(place);
    try {
      await body(t, chiark);
    } finally {
      await chiark.leave();
    }
  });
}

const node = (code: string, name = 'script.mjs') => ({
  name,
  source: `import fs from 'node:fs'; import { spawn } from 'node:child_process';
           import { initialisationComplete } from 'prefork-interp'; initialisationComplete();\n${code}`,
});
const perl = (code: string, options = '') => ({
  name: 'script.pl',
  source: `use Proc::Prefork::Interp; prefork_initialisation_complete(log_facility => ''${options}); $| = 1;\n${code}`,
});

function write(place: Place, { name, source }: { name: string; source: string }): string {
  return place.write(name, source);
}

ourTest('the status of a script that just exits arrives: ours', async (t, chiark) => {
  const script = write(chiark.place, node('process.exit(3);'));
  for (let call = 0; call < 5; call++) t.match(await chiark.call('ours', script), { code: 3, signal: null });
});

chiarkTest('the status of a script that just exits arrives: not with theirs', async (t, chiark) => {
  // The library closes its pipe to the monitor before this handle: what follows takes long enough for the monitor to be first.
  const slow = 'package Slow; sub DESTROY { select undef, undef, undef, 0.5 } bless \\*STDOUT, "Slow"; exit 3;';
  const script = write(chiark.place, perl(slow));
  t.match(await chiark.call('theirs', script), { code: null, signal: 'SIGINT' });
});

ourTest('arguments are those of a plain run: ours', async (t, chiark) => {
  const script = write(chiark.place, node('console.log(process.argv.slice(2).join());'));
  for (const args of [['one', 'two'], []]) {
    t.match(await chiark.call('ours', script, args), { stdout: `${args.join()}\n` });
  }
});

chiarkTest('arguments are those of a plain run: not with theirs', async (t, chiark) => {
  const script = write(chiark.place, perl('$SIG{INT} = "IGNORE"; print join(",", @ARGV), "\\n";'));
  t.match(await chiark.call('theirs', script, ['one', 'two']), { stdout: `perl,${script},one,two\n` });
});

ourTest('arguments for the interpreter can be given: ours', async (t, chiark) => {
  const script = write(chiark.place, node('console.log(process.execArgv.join());'));
  for (const words of [['-U,node,--no-warnings'], ['-U node --no-warnings'], ['-U', 'node', '--no-warnings']]) {
    const result = await chiark.place.call([...words, script]);
    t.match(result, { code: 0, stdout: '--no-warnings\n', stderr: '' }, words.join(' '));
  }
  chiark.remember('ours', ['-U', 'node', '--no-warnings', script]);
});

chiarkTest('arguments for the interpreter can be given: not with theirs', async (t, chiark) => {
  const script = write(chiark.place, perl('print "served\\n";'));
  const { code, stdout } = await chiark.place.startProgram('/usr/bin/prefork-interp', ['-U,perl,-w', script]).ended;
  t.not(code, 0);
  t.equal(stdout, '');
});

const readsFile = {
  ours: node('console.log(fs.readFileSync(process.argv[2], "utf8").trim());'),
  theirs: perl('$SIG{INT} = "IGNORE"; open my $file, "<", $ARGV[2]; print(<$file>);'),
};

async function substitute(chiark: Chiark, whose: Whose): Promise<string[]> {
  const script = write(chiark.place, readsFile[whose]);
  const results: string[] = [];
  for (const call of ['one', 'two']) {
    results.push((await chiark.shell(whose, script, `"$0" "$@" <(echo ${call})`)).stdout.trim());
  }
  return results;
}

ourTest('each call reads from its own <(command): ours', async (t, chiark) => {
  t.strictSame(await substitute(chiark, 'ours'), ['one', 'two']);
});

chiarkTest('each call reads from its own <(command): not with theirs', async (t, chiark) => {
  const [first, second] = await substitute(chiark, 'theirs');
  t.equal(first, 'one');
  t.not(second, 'two');
});

const tellsContext = {
  ours: node(`
    const limits = fs.readFileSync('/proc/self/limits', 'latin1');
    const [, core] = /Max core file size +(\\S+)/.exec(limits);
    console.log(process.umask().toString(8), core, fs.readFileSync('/proc/self/stat', 'latin1').split(') ')[1].split(' ')[16]);`),
  theirs: perl(`
    $SIG{INT} = 'IGNORE';
    open my $limits, '<', '/proc/self/limits'; local $/; my ($core) = <$limits> =~ /Max core file size +(\\S+)/;
    printf "%o %s %d\\n", umask, $core, getpriority(0, 0);`),
};

async function contexts(chiark: Chiark, whose: Whose): Promise<string[]> {
  const script = write(chiark.place, tellsContext[whose]);
  const commands = [
    'umask 077; ulimit -Sc 0; "$0" "$@"',
    'umask 022; ulimit -Sc 1; "$0" "$@"',
    'umask 022; ulimit -Sc 1; nice -n 5 "$0" "$@"',
  ];
  const results: string[] = [];
  for (const command of commands) results.push((await chiark.shell(whose, script, command)).stdout.trim());
  // The server of the priority 5 is found only by a caller of that priority.
  if (whose === 'ours') await chiark.shell(whose, script, 'nice -n 5 "$0" --kill "$@"');
  return results;
}

ourTest("umask, limits and priority are the caller's: ours", async (t, chiark) => {
  t.strictSame(await contexts(chiark, 'ours'), ['77 0 0', '22 1024 0', '22 1024 5']);
});

chiarkTest("umask, limits and priority are the caller's: not with theirs", async (t, chiark) => {
  t.strictSame(await contexts(chiark, 'theirs'), ['77 0 0', '77 0 0', '77 0 0']);
});

const tellsPrivileges = {
  ours: node('console.log(/NoNewPrivs:.(.)/.exec(fs.readFileSync("/proc/self/status", "latin1"))[1]);'),
  theirs: perl(
    '$SIG{INT} = "IGNORE"; open my $status, "<", "/proc/self/status"; /NoNewPrivs:.(.)/ && print $1 while <$status>;',
  ),
};

async function privileges(chiark: Chiark, whose: Whose): Promise<string[]> {
  const script = write(chiark.place, tellsPrivileges[whose]);
  const results: string[] = [];
  for (const command of ['"$0" "$@"', 'setpriv --no-new-privs "$0" "$@"']) {
    results.push((await chiark.shell(whose, script, command)).stdout.trim());
  }
  if (whose === 'ours') await chiark.shell(whose, script, 'setpriv --no-new-privs "$0" --kill "$@"');
  return results;
}

ourTest('a caller without new privileges gets none: ours', async (t, chiark) => {
  t.strictSame(await privileges(chiark, 'ours'), ['0', '1']);
});

chiarkTest('a caller without new privileges gets none: not with theirs', async (t, chiark) => {
  t.strictSame(await privileges(chiark, 'theirs'), ['0', '0']);
});

const hearsSignals = {
  ours: node(`
    for (const name of ['SIGTERM', 'SIGINT', 'SIGUSR1']) process.on(name, () => { fs.writeFileSync('heard', name); process.exit(42); });
    console.log('running'); setInterval(() => {}, 1000);`),
  theirs: perl(`
    for my $name ('TERM', 'INT', 'USR1') {
      $SIG{$name} = sub { open my $heard, '>', 'heard'; print $heard "SIG$name"; close $heard; exit 42 };
    }
    print "running\\n"; sleep 1 while 1;`),
};

async function signalled(chiark: Chiark, whose: Whose): Promise<Result> {
  const running = chiark.start(whose, write(chiark.place, hearsSignals[whose]));
  await waitFor('the script to run', () => running.stdout() === 'running\n');
  process.kill(running.pid, 'SIGTERM');
  return running.ended;
}

ourTest('a signal to the caller reaches the script: ours', async (t, chiark) => {
  t.match(await signalled(chiark, 'ours'), { code: 42, signal: null });
  t.equal(chiark.place.read('heard'), 'SIGTERM');
});

chiarkTest('a signal to the caller reaches the script: not with theirs', async (t, chiark) => {
  t.match(await signalled(chiark, 'theirs'), { code: null, signal: 'SIGTERM' });
  t.equal(
    await waitFor(
      'the script to hear',
      () => existsSync(join(chiark.place.work, 'heard')) && chiark.place.read('heard'),
    ),
    'SIGINT',
  );
});

const LEFT =
  'trap "echo interrupted > left; exit" INT; echo > ready; while [ ! -e stop ]; do sleep 0.02; done; echo left alone > left';
const leavesBehind = {
  ours: node(`
    spawn('sh', ['-c', ${JSON.stringify(LEFT)}], { stdio: 'ignore' }).unref();
    while (!fs.existsSync('ready')) await new Promise((resolve) => setTimeout(resolve, 5));`),
  theirs: perl(`
    if (!fork) { open STDIN, '<', '/dev/null'; open STDOUT, '>', '/dev/null'; open STDERR, '>', '/dev/null'; exec 'sh', '-c', '${LEFT}' }
    select undef, undef, undef, 0.005 until -e 'ready';`),
};

async function leftBehind(chiark: Chiark, whose: Whose): Promise<string> {
  await chiark.call(whose, write(chiark.place, leavesBehind[whose]));
  // The monitor's SIGINT came before the status.
  chiark.place.write('stop', '');
  await waitFor(
    'what was left behind',
    () => existsSync(join(chiark.place.work, 'left')) && chiark.place.read('left') !== '',
  );
  return chiark.place.read('left');
}

ourTest('what a script leaves behind is left alone: ours', async (t, chiark) => {
  t.equal(await leftBehind(chiark, 'ours'), 'left alone\n');
});

chiarkTest('what a script leaves behind is left alone: not with theirs', async (t, chiark) => {
  t.equal(await leftBehind(chiark, 'theirs'), 'interrupted\n');
});

ourTest('a script that does not heed SIGINT ends with its caller, also a stopped one: ours', async (t, chiark) => {
  const source = node(`process.on('SIGINT', () => {}); console.log('pid ' + process.pid);
                       if (process.argv[2]) process.kill(process.pid, 'SIGSTOP'); setInterval(() => {}, 1000);`);
  const script = write(chiark.place, source);
  for (const args of [[], ['stopped']]) {
    const running = chiark.start('ours', script, args);
    const pid = Number(await waitFor('the script to run', () => /pid (\d+)/.exec(running.stdout())?.[1]));
    if (args.length > 0) await waitFor('the script to stop', () => describe(pid)?.state === 'T');
    running.child.kill('SIGKILL');
    await waitFor('the script to end', () => describe(pid) === undefined);
  }
  t.pass('both ended');
});

ourTest('a call need not look at each loaded file: ours', async (t, chiark) => {
  const { place } = chiark;
  for (let i = 0; i < 30; i++) place.write(`modules/m${i}.mjs`, '');
  const imports = Array.from({ length: 30 }, (_, i) => `import './modules/m${i}.mjs';`).join('');
  const script = write(place, node(`${imports} console.log('served');`));
  await chiark.call('ours', script);
  // A server looks once after its first call, and when something happens in a folder above its files (other tests in /tmp).
  await waitFor('a call that looks at no file', async () => {
    await waitFor('two spares', () => spares(place).length === 2);
    const pids = [...place.servers(), ...spares(place)].map(({ pid }) => pid);
    const names = await traced(place, pids, '%file', async () => {
      t.match(await chiark.call('ours', script), { stdout: 'served\n' });
    });
    return !names.includes('/modules/');
  });
});

chiarkTest('a call need not look at each loaded file: not with theirs', async (t, chiark) => {
  const script = write(chiark.place, perl('$SIG{INT} = "IGNORE"; print "served\\n";'));
  await chiark.call('theirs', script);
  const server = await waitFor('the server', () =>
    chiark.place.processes().find(({ command }) => command.endsWith('[server]')),
  );
  const names = await traced(chiark.place, [server.pid], '%file', () => chiark.call('theirs', script));
  t.match(names, 'Prefork/Interp.pm');
});

ourTest('tidying leaves the newest entries: ours', async (t, chiark) => {
  const { place } = chiark;
  const script = write(place, node('console.log(process.ppid);'));
  mkdirSync(place.runDirectory, { mode: 0o700 });
  const idents = Array.from({ length: 120 }, (_, i) => i.toString(16).padStart(64, '0'));
  for (const [i, ident] of idents.entries()) {
    for (const kind of ['s', 'l']) {
      const path = join(place.runDirectory, `${kind}${ident}`);
      writeFileSync(path, '');
      utimesSync(path, 1_000_000 + i, 1_000_000 + i);
    }
  }
  t.match(await chiark.call('ours', script), { code: 0, stderr: '' });
  const left = new Set(readdirSync(place.runDirectory));
  t.strictSame(
    idents.slice(40).filter((ident) => !left.has(`s${ident}`)),
    [],
    'the newest 80 are there',
  );
  t.equal(place.servers().length, 1);
  t.match(await chiark.call('ours', script), { code: 0, stderr: '' });
  t.equal(place.servers().length, 1);
});

ourTest('a run directory that others may write to is not used: ours', async (t, chiark) => {
  const { place } = chiark;
  const script = write(place, node('console.log("ran");'));
  mkdirSync(place.runDirectory);
  chmodSync(place.runDirectory, 0o777);
  // Nothing remembers that it was said: so only who asks is told.
  t.match(await chiark.call('ours', script), { code: 0, stdout: 'ran\n', stderr: '' });
  const asked = await chiark.call('ours', script, [], { env: { PREFORK_INTERP_DEBUG: '1' } });
  t.match(asked, {
    code: 0,
    stdout: 'ran\n',
    stderr: /^prefork-interp: running .* plainly: .*others have access.*\n$/,
  });
  t.strictSame(place.servers(), []);
});

ourTest('a script that calls itself is answered: ours', async (t, chiark) => {
  const source = node(`
    const depth = Number(process.argv[2]);
    if (depth > 0) spawn(process.argv[3], ['-U', 'node', process.argv[1], depth - 1, process.argv[3]], { stdio: 'inherit' });
    else console.log('deep enough');`);
  const script = write(chiark.place, source);
  const result = await chiark.shell('ours', script, '"$0" "$@" 8 "$0"');
  t.match(result, { code: 0, stdout: 'deep enough\n', stderr: '' });
});
