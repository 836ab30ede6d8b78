import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const name of ['pid', 'ppid', 'argv', 'argv0', 'env', 'execArgv', 'execPath', 'title', 'exitCode', 'version'])
  console.log(
    name,
    Object.entries(Object.getOwnPropertyDescriptor(process, name))
      .filter(([, value]) => typeof value === 'boolean')
      .join(' '),
  );
