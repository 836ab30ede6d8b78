import { createRequire } from 'node:module';
import { initialisationComplete } from 'prefork-interp';
import 'prettier';
import '../node_modules/prettier/internal/legacy-cli.mjs';

initialisationComplete();
createRequire(import.meta.url)('../node_modules/prettier/bin/prettier.cjs');
