import { EventEmitter } from 'node:events';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
new EventEmitter().emit('error', new Error('nobody listens'));
