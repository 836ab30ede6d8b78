import { mkdtempSync, rmdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const made = mkdtempSync(join(tmpdir(), 'fidelity-'));
console.log(made.length, tmpdir(), homedir() === process.env.HOME);
rmdirSync(made);
