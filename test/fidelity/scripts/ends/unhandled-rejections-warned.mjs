// fidelity: {"node": ["--unhandled-rejections=warn"]}
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
Promise.reject(new Error('only warned'));
