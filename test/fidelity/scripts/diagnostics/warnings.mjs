import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
process.on('warning', (warning) => console.log(warning.name, warning.code, warning.message));
process.emitWarning('plain');
process.emitWarning('with more', { type: 'OwnWarning', code: 'OWN1', detail: 'the detail' });
process.emitWarning('old', 'DeprecationWarning', 'DEP9999');
