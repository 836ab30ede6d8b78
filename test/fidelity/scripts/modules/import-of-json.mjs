import { initialisationComplete } from 'prefork-interp';
import data from './parts/data.json' with { type: 'json' };

initialisationComplete();
const again = await import('./parts/data.json', { with: { type: 'json' } });
console.log(data, again.default === data);
