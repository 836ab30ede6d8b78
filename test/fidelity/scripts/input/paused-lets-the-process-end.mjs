import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.stdin.on('data', () => {});
process.stdin.pause();
console.log('paused', process.stdin.isPaused());
