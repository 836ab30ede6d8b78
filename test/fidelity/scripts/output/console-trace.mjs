import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
function inner() {
  console.trace('here %s', 'and now');
}
inner();
