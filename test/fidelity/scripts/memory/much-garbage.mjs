import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
let kept = [];
for (let i = 0; i < 300; i++) {
  const piece = Array.from({ length: 2000 }, (_, j) => ({ i, j }));
  if (i % 10 === 0) kept.push(piece);
}
console.log(kept.length, kept[29][1999]);
kept = undefined;
