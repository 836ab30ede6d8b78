import * as os from 'node:os';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  os.hostname(),
  os.type(),
  os.release(),
  os.arch(),
  os.endianness(),
  os.cpus().length,
  os.EOL === '\n',
  os.availableParallelism(),
);
console.log(
  os.userInfo(),
  os.homedir(),
  os.tmpdir(),
  os.totalmem(),
  os.machine(),
  os.version(),
  os.constants.signals.SIGTERM,
  os.getPriority(),
);
console.log(Object.keys(os.networkInterfaces()).join(), os.devNull);
