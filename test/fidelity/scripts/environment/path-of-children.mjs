// fidelity: {"env": {"PATH": "/usr/bin:/bin", "EXTRA": "x"}}

import { execSync } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(execSync('echo $PATH $EXTRA').toString());
