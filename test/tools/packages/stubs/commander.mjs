/** The examples of commander's README: options, a sub-command, an error. */
import { Command, Option } from 'commander';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const program = new Command();
program.name('string-util').description('CLI to some JavaScript string utilities').version('0.8.0');
program
  .command('split')
  .description('Split a string into substrings and display as an array.')
  .argument('<string>', 'string to split')
  .option('--first', 'display just the first substring')
  .option('-s, --separator <char>', 'separator character', ',')
  .addOption(new Option('-c, --case <kind>', 'change its case').choices(['upper', 'lower']).env('CASE'))
  .action((text, options) => {
    const changed = options.case === 'upper' ? text.toUpperCase() : text;
    console.log(changed.split(options.separator, options.first ? 1 : undefined));
  });
program.command('fail').action(() => program.error('it cannot be done', { exitCode: 3 }));
await program.parseAsync();
