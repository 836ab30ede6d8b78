import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const name of ['stdin', 'stdout', 'stderr']) {
  const { get, set, value, ...rest } = Object.getOwnPropertyDescriptor(process, name);
  console.log(name, typeof get, typeof set, typeof value, rest, process[name] === process[name]);
}
console.log(
  Object.keys(process)
    .filter((key) => key.startsWith('std'))
    .join(),
);
console.log(console._stdout === process.stdout, console._stderr === process.stderr);
