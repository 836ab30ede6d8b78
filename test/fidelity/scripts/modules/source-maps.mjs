// fidelity: {"node": ["--enable-source-maps"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { fails } = await import('./parts/mapped.mjs');
try {
  fails();
} catch (error) {
  console.log(
    error.stack
      .split('\n')
      .slice(0, 2)
      .map((line) => line.replace(/\(.*\//, '('))
      .join(),
  );
}
fails();
