import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.getActiveResourcesInfo().join());
process.stdin.on('data', () => {});
void process.stdout;
void process.stderr;
console.log(process.getActiveResourcesInfo().sort().join());
process.exit();
