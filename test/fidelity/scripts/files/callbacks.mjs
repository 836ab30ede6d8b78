import * as fs from 'node:fs';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
fs.writeFile('file', 'content', (error) => {
  fs.readFile('file', 'utf8', (failure, text) => {
    fs.stat('file', (_, { size }) => console.log(error, failure, text, size));
  });
});
