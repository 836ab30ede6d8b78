/** Where a limit of the caller's leaves little, a call prints what a plain run prints, and says one line at most. */
import { asStranger, type Fault, testFault } from './faults.js';

const faults: readonly Fault[] = [
  ...[20, 255, 257].map((count): Fault => [`${count} descriptors`, [], `ulimit -n ${count}`]),
  ['few descriptors for now', [], 'ulimit -S -n 40'],
  ...[0, 1, 8, 2000, 20_000].map((blocks): Fault => [`files of ${blocks} blocks`, [], `ulimit -f ${blocks}`]),
  ['no files to write for now', [], 'ulimit -S -f 0'],
  ['little address space', [], 'ulimit -v 1500000'],
  ['little data', [], 'ulimit -d 300000'],
  ['a small stack', [], 'ulimit -s 256'],
  ['no locked memory', [], 'ulimit -l 0'],
  ...[16, 40, 100].map((count): Fault => [`${count} processes`, asStranger, `prlimit --nproc=${count} --pid $$`]),
];

faults.forEach(testFault);
