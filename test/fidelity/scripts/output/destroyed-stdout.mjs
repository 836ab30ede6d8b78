import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdout.write('before\n', () => {
  process.stdout.destroy();
  process.stderr.write(`destroyed ${process.stdout.destroyed}\n`);
  process.stdout.write('after\n', (error) => process.stderr.write(`${error?.code}\n`));
  process.stdout.on('error', (error) => process.stderr.write(`error ${error.code}\n`));
});
