import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const code of [1.5, 'x', {}, true]) {
  try {
    process.exitCode = code;
  } catch (error) {
    console.log(error.code, error.message);
  }
}
process.exitCode = undefined;
