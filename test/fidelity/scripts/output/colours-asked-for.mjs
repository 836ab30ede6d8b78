import { inspect, styleText } from 'node:util';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.stdout.hasColors?.(), process.stdout.hasColors?.(256), process.stdout.getColorDepth?.());
console.log(process.stderr.hasColors?.(), process.stderr.getColorDepth?.());
console.log(inspect({ a: 1, b: 'two' }, { colors: true, compact: false }));
console.log(styleText('red', 'red'));
