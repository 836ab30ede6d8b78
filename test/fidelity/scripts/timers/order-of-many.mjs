import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const fired = [];
for (let i = 0; i < 50; i++) setTimeout(() => fired.push(i), 5);
setTimeout(() => console.log(fired.join()), 100);
