import { performance } from 'node:perf_hooks';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { nodeStart, v8Start, environment, bootstrapComplete, loopStart, loopExit, name, startTime } =
  performance.nodeTiming;
console.log(
  name,
  startTime,
  nodeStart >= 0,
  v8Start >= nodeStart,
  environment >= v8Start,
  bootstrapComplete >= environment,
  loopStart >= 0,
  loopExit,
);
setTimeout(() => console.log(performance.nodeTiming.loopStart >= 0), 1);
