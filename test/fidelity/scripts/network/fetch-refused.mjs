import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
await fetch('http://127.0.0.1:1/').catch((error) => console.log(error.name, error.message, error.cause.code));
await fetch('data:text/plain,inline').then(async (response) => console.log(await response.text()));
await fetch('nonsense').catch((error) => console.log(error.name, error.cause?.code));
