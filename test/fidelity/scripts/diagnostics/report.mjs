import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { header, javascriptStack, resourceUsage, libuv, environmentVariables, userLimits, sharedObjects } =
  process.report.getReport();
console.log(
  header.processId === process.pid,
  header.commandLine.slice(1).join(' '),
  header.cwd === process.cwd(),
  header.nodejsVersion === process.version,
);
console.log(
  javascriptStack.message,
  Object.keys(resourceUsage).length,
  libuv.length > 0,
  environmentVariables.HOME === process.env.HOME,
);
console.log(Object.keys(userLimits).join(), sharedObjects.length > 3, header.wordSize, header.arch, header.host !== '');
