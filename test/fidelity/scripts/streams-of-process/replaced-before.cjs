const { initialisationComplete } = require('prefork-interp');

// As test runners and loggers do: what is put there wraps what was there.
const { stdout } = process;
const wrapped = new Proxy(stdout, {
  get(target, name) {
    const value = target[name];
    if (name === 'write') return (text, ...rest) => target.write(`[${text.trimEnd()}]\n`, ...rest);
    return typeof value === 'function' ? value.bind(target) : value;
  },
});
Object.defineProperty(process, 'stdout', { value: wrapped, configurable: true });
const lines = [];
Object.defineProperty(process, 'stderr', { get: () => ({ write: (text) => lines.push(text) }), configurable: true });
initialisationComplete();
console.log('by the console');
process.stdout.write('wrapped\n');
process.stderr.write('kept');
process.stdout.write(`${lines} ${process.stdout === wrapped}\n`);
