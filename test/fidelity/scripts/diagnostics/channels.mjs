import { channel, subscribe } from 'node:diagnostics_channel';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
subscribe('own', (message, name) => console.log(message, name));
channel('own').publish({ a: 1 });
console.log(channel('own').hasSubscribers, channel('none').hasSubscribers);
