import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
const { userCPUTime, systemCPUTime } = process.resourceUsage();
const { user, system } = process.cpuUsage();
console.log(userCPUTime >= 0, systemCPUTime >= 0, user >= 0, system >= 0, Object.keys(process.resourceUsage()).length);
