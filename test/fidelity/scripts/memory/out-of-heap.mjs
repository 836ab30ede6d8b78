// fidelity: {"node": ["--max-old-space-size=50"], "arrangements": [["null"], ["file"], ["null"]]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const kept = [];
for (;;) kept.push(new Array(100_000).fill({}));
