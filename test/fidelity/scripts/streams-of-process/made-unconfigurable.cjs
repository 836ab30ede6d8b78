const { initialisationComplete } = require('prefork-interp');

for (const name of ['stdin', 'stdout', 'stderr']) Object.defineProperty(process, name, { configurable: false });
Object.preventExtensions(process);
initialisationComplete();
process.stdout.write('on stdout\n');
console.error('on stderr');
for (const name of ['stdin', 'stdout', 'stderr']) {
  const { get, ...rest } = Object.getOwnPropertyDescriptor(process, name);
  console.log(name, process[name].constructor.name, process[name].fd, process[name].isTTY, get?.name, rest);
}
