import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(process.version, process.versions, process.release, process.arch, process.platform);
console.log(process.config.variables.napi_build_version, process.features, process.allowedNodeEnvironmentFlags.size);
