import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const name of ['stdin', 'stdout', 'stderr']) {
  const chain = [];
  for (let at = process[name]; at; at = Object.getPrototypeOf(at)) chain.push(at.constructor.name);
  console.log(name, chain.join(' < '));
}
