import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.on('readable', () => {
  for (let chunk = process.stdin.read(4); chunk !== null; chunk = process.stdin.read(4))
    console.log(JSON.stringify(chunk.toString()));
});
process.stdin.on('end', () => console.log('end'));
