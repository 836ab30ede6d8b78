#!/usr/bin/env -S prefork-interp -U node
// The smallest script: examples/hello.mjs NAME
import { initialisationComplete } from 'prefork-interp';

const begun = new Date();
initialisationComplete();
console.log(
  `Hello ${process.argv[2] ?? 'world'}, from process ${process.pid}; imported at ${begun.toLocaleTimeString()}`,
);
