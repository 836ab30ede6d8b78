import { execFileSync } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const code = 'console.log(process.argv.slice(1), process.execArgv, process.env.PREFORK_INTERP, process.env.LD_PRELOAD)';
console.log(execFileSync(process.execPath, ['--no-warnings', '-e', code, 'x'], { encoding: 'utf8' }));
