import { connect } from 'node:net';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
connect(1, '127.0.0.1').on('error', (error) => console.log(error.code, error.syscall, error.address, error.port));
