import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const deep = () => deep() + 1;
try {
  deep();
} catch (error) {
  console.log(error.name, error.message);
}
