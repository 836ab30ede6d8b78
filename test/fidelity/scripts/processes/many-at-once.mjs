import { spawn } from 'node:child_process';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const codes = await Promise.all(
  Array.from({ length: 8 }, (_, i) => new Promise((done) => spawn('sh', ['-c', `exit ${i}`]).on('close', done))),
);
console.log(codes.join());
