import { initialisationComplete } from 'prefork-interp';

const { stdout } = process;
const write = stdout.write.bind(stdout);
stdout.write = (chunk, ...rest) => write(`[${String(chunk).trimEnd()}]\n`, ...rest);
stdout.once('told', () => console.error('once'));
stdout.on('told', () => console.error('each time'));
process.stderr.setMaxListeners(3);

initialisationComplete();
console.log('through the replaced write');
stdout.write('through the stream of initialisation\n');
process.stdout.emit('told');
process.stdout.emit('told');
console.error(process.stdout.getMaxListeners(), process.stderr.getMaxListeners(), process.stdout.eventNames());
