export * as paths from './paths.js';
export { Place } from './place.js';
export { prefork } from './prefork.js';
export { describe, killProcess, type LiveProcess, processesOf } from './processes.js';
export { type Exit, type Result, type Running, type RunOptions, start } from './run.js';
export { behaviours, type StandIn, startStandIn } from './stand-in.js';
export { PROMPT, type Shell, shells, Terminal, type TerminalOptions } from './terminal.js';
export { test } from './test.js';
export { LIMIT_MS, waitFor } from './wait.js';
