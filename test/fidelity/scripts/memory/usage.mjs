import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const usage = process.memoryUsage();
console.log(
  Object.keys(usage).join(),
  Object.values(usage).every((bytes) => bytes >= 0),
  process.memoryUsage.rss() > 1e6,
  usage.heapUsed < usage.rss,
);
console.log(typeof process.constrainedMemory(), typeof process.availableMemory?.());
