// fidelity: {"world": "arrangement", "input": "typed\n"}
import { initialisationComplete } from 'prefork-interp';

const { stdin, stdout, stderr } = process;

initialisationComplete();
stdin.setEncoding('utf8');
stdin.on('data', (text) => stdout.write(`read ${JSON.stringify(text)} at ${stdout.columns} x ${stdout.rows}\n`));
stdin.on('end', () => stderr.write('the end\n'));
