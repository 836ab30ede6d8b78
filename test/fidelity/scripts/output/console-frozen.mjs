import { initialisationComplete } from 'prefork-interp';

Object.freeze(console);
initialisationComplete();
console.log('on stdout');
console.error('on stderr');
console.log(console._stdout === process.stdout, console._stderr === process.stderr, Object.isFrozen(console));
