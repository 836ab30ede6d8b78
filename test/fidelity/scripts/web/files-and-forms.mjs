import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const form = new FormData();
form.set('file', new Blob(['content'], { type: 'text/plain' }), 'name.txt');
const file = form.get('file');
console.log(file.name, file.size, file.type, await file.text(), [...form.keys()]);
