import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
console.log(
  btoa('text'),
  atob('dGV4dA=='),
  new TextDecoder('utf-16le').decode(new Uint8Array([65, 0])),
  new TextEncoder().encode('€'),
);
console.log(new TextDecoder('latin1').encoding, Buffer.from('ü', 'latin1'), encodeURIComponent('ü/'), escape('ü'));
