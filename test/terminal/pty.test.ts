/** The helper itself: what the other tests here stand on. */
import { existsSync } from 'node:fs';
import { PROMPT, type Shell, shells, Terminal, test } from '../helpers/index.js';

for (const shell of Object.keys(shells) as Shell[]) {
  const skip = !existsSync(shells[shell][0]) && `${shell} is not installed`;
  test(
    `${shell} in a terminal: keys, output, size, modes, foreground, end`,
    async (t, place) => {
      const terminal = await Terminal.shell(place, shell, { columns: 70, rows: 20 });
      terminal.type('tty; stty size\r');
      await terminal.expect(/\/dev\/pts\/\d+\r\n20 70\r\n/);
      await terminal.expect(PROMPT);
      await terminal.resize(100, 30);
      terminal.type('stty size; stty -echo\r');
      await terminal.expect('30 100\r\n');
      await terminal.expect(PROMPT);
      const silent = await terminal.modes();
      terminal.type('stty echo\r');
      await terminal.expect(PROMPT);
      t.not(await terminal.modes(), silent);
      const own = await terminal.foreground();
      terminal.type('cat\r');
      terminal.type('line\r');
      await terminal.expect('line\r\nline\r\n');
      t.not(await terminal.foreground(), own);
      terminal.type('\x03');
      await terminal.expect(PROMPT);
      t.equal(await terminal.foreground(), own);
      terminal.type('exit 3\r');
      t.equal((await terminal.ended).code, 3);
    },
    { skip },
  );
}

test('a terminal that hangs up ends what is in its foreground', async (t, place) => {
  const terminal = new Terminal(place, ['/bin/cat']);
  terminal.type('line\r');
  await terminal.expect('line\r\nline\r\n');
  terminal.hangUp();
  t.equal((await terminal.ended).code, 128 + 1);
});
