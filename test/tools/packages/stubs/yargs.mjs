/** The example of yargs' README with commands, and what goes beyond: choices, counts, files, demands. */
import { readFileSync, writeFileSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';

initialisationComplete();
yargs(hideBin(process.argv))
  .command(
    'serve [port]',
    'start the server',
    (parser) => parser.positional('port', { describe: 'port to bind on', type: 'number', default: 5000 }),
    ({ port, verbose }) => {
      if (verbose) console.info(`start server on :${port}`);
      console.log({ port });
    },
  )
  .command(
    'upper',
    'writes its input in capitals',
    (parser) => parser.option('output', { type: 'string', describe: 'a file instead of standard output' }),
    ({ output }) => {
      const text = readFileSync(0, 'utf8').toUpperCase();
      if (output) writeFileSync(output, text);
      else process.stdout.write(text);
    },
  )
  .option('verbose', { alias: 'v', type: 'boolean', description: 'Run with verbose logging' })
  .option('colour', { choices: ['red', 'green'], description: 'one of two' })
  .demandCommand(1, 'a command is needed')
  .strict()
  .parse();
