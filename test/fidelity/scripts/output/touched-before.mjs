import { initialisationComplete } from 'prefork-interp';

process.stdout.on('unusual', () => {});
process.stderr.setMaxListeners(50);

initialisationComplete();
console.log(process.stdout.constructor.name, process.stdout.isTTY, Object.keys(process.stdout));
console.error(process.stderr.constructor.name, process.stderr.isTTY, Object.keys(process.stderr));
