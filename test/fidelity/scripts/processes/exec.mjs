import { exec } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
exec('echo out; echo err >&2; exit 3', (error, stdout, stderr) => console.log(error.code, error.cmd, stdout, stderr));
