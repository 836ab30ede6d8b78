import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  process
    .eventNames()
    .map((name) => `${String(name)} ${process.listenerCount(name)}`)
    .join(),
);
console.log(process.getMaxListeners(), process.connected, process.channel, process.exitCode, process._exiting);
