// fidelity: {"args": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"]}
import { initialisationComplete } from 'prefork-interp';

const { argv } = process;

initialisationComplete();
console.log(
  argv === process.argv,
  argv.length,
  argv.at(-1),
  argv
    .map((word) => word.length)
    .join()
    .slice(-20),
);
