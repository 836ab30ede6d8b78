// fidelity: {"env": {"NO_COLOR": "1"}}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log({ a: 1 }, [true]);
console.error({ a: 1 }, [true]);
console.log(process.stdout.getColorDepth?.(), process.stderr.hasColors?.());
