import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const begun = performance.now();
const wall = Date.now();
const precise = process.hrtime.bigint();
setTimeout(() => {
  const [later, wallLater, preciseLater] = [
    performance.now() - begun,
    Date.now() - wall,
    Number(process.hrtime.bigint() - precise) / 1e6,
  ];
  console.log(later >= 19, later < 5000, Math.abs(later - wallLater) < 1000, Math.abs(later - preciseLater) < 1000);
}, 20);
console.log(
  performance.now() < 60_000,
  process.uptime() < 60,
  Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 1000,
);
