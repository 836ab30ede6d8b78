import { initialisationComplete } from 'prefork-interp';

Error.prepareStackTrace = (error, sites) =>
  `${error.message} at ${sites[0].getFunctionName()}:${sites[0].getLineNumber()}`;

initialisationComplete();
function named() {
  return new Error('prepared').stack;
}
console.log(named());
