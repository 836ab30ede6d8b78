import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const [seconds, nanoseconds] = process.hrtime();
console.log(
  seconds >= 0,
  nanoseconds < 1e9,
  process.hrtime.bigint() > 0n,
  process.hrtime([seconds, nanoseconds])[0] < 60,
);
