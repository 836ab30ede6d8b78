import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const [one, other] = [new BroadcastChannel('x'), new BroadcastChannel('x')];
other.onmessage = ({ data }) => {
  console.log(data);
  one.close();
  other.close();
};
one.postMessage({ a: 1 });
