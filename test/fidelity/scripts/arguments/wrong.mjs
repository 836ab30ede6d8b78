// fidelity: {"args": ["--unknown"]}

import { parseArgs } from 'node:util';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
parseArgs({ options: {} });
