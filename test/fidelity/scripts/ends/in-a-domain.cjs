'use strict';
const { initialisationComplete } = require('prefork-interp');
const domain = require('node:domain');

initialisationComplete();
const own = domain.create();
own.on('error', (error) => console.log('domain', error.message));
own.run(() =>
  setTimeout(() => {
    throw new Error('in a domain');
  }, 1),
);
