import { fstatSync } from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const name of ['stdin', 'stdout', 'stderr']) {
  const stream = process[name];
  const own = Object.keys(stream)
    .sort()
    .filter((key) => !key.startsWith('_events'));
  console.log(
    name,
    stream.constructor.name,
    stream.fd,
    stream._type,
    stream.isTTY,
    stream.columns,
    stream.rows,
    own.join(),
  );
  console.log(
    stream.readableHighWaterMark,
    stream.writableHighWaterMark,
    stream.readable,
    stream.writable,
    stream.destroyed,
  );
  console.log(
    stream
      .eventNames()
      .map((event) => `${String(event)} ${stream.listenerCount(event)}`)
      .join(),
  );
  console.log(
    stream._isStdio,
    typeof stream.ref,
    typeof stream.setRawMode,
    stream._handle?.constructor.name,
    stream.allowHalfOpen,
  );
}
console.log([0, 1, 2].map((descriptor) => (fstatSync(descriptor).mode & 0o170000).toString(8)).join());
console.log(process.eventNames().map(String).join());
