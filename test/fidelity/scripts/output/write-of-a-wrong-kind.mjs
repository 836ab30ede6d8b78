import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const value of [null, undefined, 5, {}]) {
  try {
    process.stdout.write(value);
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
}
