import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { port1, port2 } = new MessageChannel();
port1.postMessage({ at: 1 });
console.log(receiveMessageOnPort(port2));
port2.on('message', (message) => {
  console.log(message);
  port2.close();
});
port1.on('close', () => console.log('closed'));
port1.postMessage(new Map([[1, new Uint8Array(2)]]));
