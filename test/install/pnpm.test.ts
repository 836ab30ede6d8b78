import { testInstallations } from './installs.js';
import { pnpms } from './managers.js';

testInstallations(pnpms);
