import { createServer } from 'node:net';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const first = createServer().listen(0, '127.0.0.1', () => {
  const second = createServer().on('error', (error) => {
    console.log(error.code, error.syscall, error.address);
    first.close();
  });
  second.listen(first.address().port, '127.0.0.1');
});
