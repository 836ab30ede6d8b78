/** `prefork completion`: what a shell needs to complete the command's words. */
import { defineCommand } from './command.js';
import { ExitCode } from './failure.js';

export const completionCommand = defineCommand({
  usage: 'completion <shell>',
  describe: 'print a script that completes words in bash, zsh or fish',
  options: (parser) =>
    parser.positional('shell', { choices: ['bash', 'zsh', 'fish'] as const, demandOption: true, describe: 'which' }),
  run: ({ shell }) => {
    process.stdout.write(SCRIPTS[shell]);
    return ExitCode.Done;
  },
});

/**
 * Each asks `prefork --get-yargs-completions WORDS...`, which prints a candidate a line, and completes names of files where there is none. Without
 * SHELL there are no descriptions behind the candidates: yargs adds them where that is zsh, whichever shell asks.
 */
const SCRIPTS = {
  bash: `# prefork completion bash >> ~/.bashrc
_prefork() {
    local IFS=$'\\n'
    mapfile -t COMPREPLY < <(compgen -W "$(SHELL= prefork --get-yargs-completions "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o bashdefault -o default -F _prefork prefork
`,
  zsh: `# prefork completion zsh >> ~/.zshrc, below compinit
_prefork() {
    local -a found
    found=("\${(@f)$(SHELL= prefork --get-yargs-completions "\${(@)words[1,CURRENT]}" 2>/dev/null)}")
    if [[ -n "$found" ]]; then compadd -a found; else _files; fi
}
compdef _prefork prefork
`,
  fish: `# prefork completion fish > ~/.config/fish/completions/prefork.fish
complete -c prefork -a '(SHELL= prefork --get-yargs-completions (commandline -opc) (commandline -ct) 2>/dev/null)'
`,
} as const;
