import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const stream of [process.stdout, process.stderr])
  console.log(stream.columns, stream.rows, stream.getWindowSize?.(), stream.hasColors?.(16));
