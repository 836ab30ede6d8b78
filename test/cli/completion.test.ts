import { existsSync as existing, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { paths, prefork, test } from '../helpers/index.js';

/** What a shell offers for `prefork st` once it has read the script. */
const shells: [shell: string, program: string, ask: string][] = [
  [
    'bash',
    '/bin/bash',
    `eval "$(prefork completion bash)"; COMP_WORDS=(prefork st); COMP_CWORD=1; _prefork; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  [
    'zsh',
    '/usr/bin/zsh',
    `compdef() { :; }; compadd() { shift 2; print -l -- \${(P)1:-\${found[@]}} | grep '^st'; }; eval "$(prefork completion zsh)"; words=(prefork st); CURRENT=2; compadd() { print -l -- $found | grep '^st'; }; _prefork`,
  ],
  ['fish', '/usr/bin/fish', `prefork completion fish | source; complete -C 'prefork st'`],
];
for (const [shell, program, ask] of shells) {
  const missing = existing(program) ? false : `${program} is not installed`;
  test(
    `${shell} completes a command`,
    async (t, place) => {
      symlinkSync(join(paths.packageRoot, 'bin', 'prefork'), join(place.root, 'bin', 'prefork'));
      const { stdout, stderr } = await place.startProgram(program, ['-c', ask]).ended;
      t.strictSame({ words: stdout.trimEnd().split('\n'), stderr }, { words: ['stop'], stderr: '' });
    },
    { skip: missing },
  );
}

test('another shell is one line', async (t, place) => {
  t.match(await prefork(place, ['completion', 'csh']), { code: 2, stdout: '', stderr: /^prefork: .*csh.*\n$/ });
});
