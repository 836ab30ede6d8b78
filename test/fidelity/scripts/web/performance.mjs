import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
new PerformanceObserver((list, observer) => {
  console.log(
    list
      .getEntries()
      .map(({ name, entryType }) => `${entryType} ${name}`)
      .join(),
  );
  observer.disconnect();
}).observe({ entryTypes: ['mark', 'measure'] });
performance.mark('a');
performance.mark('b');
console.log(performance.measure('between', 'a', 'b').duration >= 0, performance.getEntriesByType('mark').length);
const delay = monitorEventLoopDelay();
console.log(
  delay.enable(),
  delay.disable(),
  performance.eventLoopUtilization().utilization <= 1,
  Object.keys(performance.toJSON()),
);
