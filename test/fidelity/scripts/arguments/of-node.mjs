// fidelity: {"node": ["--stack-trace-limit=3", "--no-deprecation", "--max-old-space-size=300"]}

import { getHeapStatistics } from 'node:v8';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.execArgv, Error.stackTraceLimit, process.noDeprecation);
console.log(getHeapStatistics().heap_size_limit);
