import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
try {
  new Function('a b');
} catch (error) {
  console.log(error.name, error.message);
}
throw new SyntaxError('by hand');
