import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('exit', (code) => {
  console.log('exit', code);
  process.stderr.write('and stderr\n');
});
process.on('beforeExit', () => process.stdout.write('beforeExit\n'));
