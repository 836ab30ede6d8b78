import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { heap_size_limit, number_of_native_contexts, number_of_detached_contexts, does_zap_garbage } =
  getHeapStatistics();
console.log(
  heap_size_limit > 0,
  does_zap_garbage,
  getHeapSpaceStatistics()
    .map((space) => space.space_name)
    .join(),
);
// One in a plain run, up to three in a call (docs/differences.md).
console.log(
  number_of_native_contexts >= 1 && number_of_native_contexts <= 3,
  `${number_of_detached_contexts} detached`,
);
