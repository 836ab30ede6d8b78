import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('uncaughtException', (error, origin) => {
  console.log(error.message, origin);
  setTimeout(() => console.log('goes on'), 5);
});
throw new Error('handled');
