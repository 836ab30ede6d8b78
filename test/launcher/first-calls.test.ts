import { paths, test } from '../helpers/index.js';
import { initialisations, type Told } from './tell.js';

const COUNT = 50;

/** All at once: a lock keeps them back until the last of them has been started. */
const together = `
exec 3>gate
flock 3
for number in $(seq ${COUNT}); do
  { exec 3>&-; flock --shared gate true; exec "$0" "$@" $number; } &
done
sleep 0.2
exec 3>&-
wait
`;

for (const [name, options, calls] of [
  ['first calls', [], 1],
  ['first calls after a server was killed', [], 2],
] as const) {
  test(`fifty ${name} at the same moment start one server, and all are answered`, async (t, place) => {
    const script = place.fixture('tells-its-call.mjs');
    if (calls === 2) {
      await place.script(script);
      for (const { pid } of place.servers()) process.kill(pid, 'SIGKILL');
    }
    const command = [paths.launcher, '-U', ...options, 'node', script];
    const { stdout, stderr, code } = await place.startProgram('bash', ['-c', together, ...command], { limitMs: 60_000 })
      .ended;
    t.equal(stderr, '');
    t.equal(code, 0);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Told);
    t.ok(answers.every(({ served }) => served));
    t.strictSame(
      answers.map(({ argv }) => Number(argv[2])).sort((a, b) => a - b),
      Array.from({ length: COUNT }, (_, index) => index + 1),
      'each answered once, with its own arguments',
    );
    t.equal(new Set(answers.map(({ pid }) => pid)).size, COUNT, 'each in a process of its own');
    t.equal(initialisations(place), calls);
    t.equal(place.servers().length, 1);
    t.equal(place.sockets().length, 1);
  });
}

test('first calls with -f and without at the same moment are all answered, and one server is left', async (t, place) => {
  const script = place.fixture('tells-its-call.mjs');
  const calls = Array.from({ length: 12 }, (_, index) =>
    place.call([index % 3 === 0 ? '-Uf' : '-U', 'node', script, String(index)]),
  );
  for (const [index, result] of (await Promise.all(calls)).entries()) {
    t.match(result, { code: 0, stderr: '' });
    const { served, argv } = JSON.parse(result.stdout) as Told;
    t.strictSame([served, argv[2]], [true, String(index)]);
  }
  t.equal(place.sockets().length, 1);
  t.ok(initialisations(place) <= 12);
});
