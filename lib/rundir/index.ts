export { listBelongings } from './belongings.js';
export { checkRunDirectory, runDirectoryPath, type Unusable } from './directory.js';
export { type Information, parseInformation, readInformation } from './information.js';
export { logPath } from './log.js';
export { type Looks, readLooks, readMarker } from './looks.js';
export {
  type EntryKind,
  entryName,
  entryPath,
  listIdents,
  listRemembered,
  ownDirectory,
  unusedLooks,
} from './names.js';
export { isAlive, type ProcessIdentity, readMemory, readStat } from './process.js';
export { listServers, type Server } from './servers.js';
