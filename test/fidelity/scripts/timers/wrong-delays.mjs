import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
setTimeout(() => console.log('negative'), -1);
setTimeout(() => console.log('no number'), 'x');
const much = setTimeout(() => {}, 2 ** 31);
clearTimeout(much);
