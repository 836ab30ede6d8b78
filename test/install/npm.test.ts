import { testInstallations } from './installs.js';
import { npms } from './managers.js';

testInstallations(npms);
