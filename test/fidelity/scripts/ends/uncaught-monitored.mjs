import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('uncaughtExceptionMonitor', (error, origin) => console.log(error.message, origin));
throw new Error('monitored');
