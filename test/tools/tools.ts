/** Real tools, and commands for each with the files that they work on. */
export interface Command {
  readonly args: readonly string[];
  /** What it reads; then it is not run at a terminal. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The status of the plain run, so that a command does what it is here for. */
  readonly status?: number;
}

export interface Tool {
  /** The stub that loads it. */
  readonly stub: string;
  readonly files: Readonly<Record<string, string>>;
  readonly commands: readonly Command[];
  /** What differs between two plain runs: how long something took. */
  readonly varies?: RegExp;
}

const clean = 'export const sum = (one, other) => one + other;\n';
const faulty =
  'var unused = 1;\nlet total = 0;\nif (total == null) debugger;\nfunction f( ) { return undefinedName }\n';
const broken = 'const = ;\n';
const config = `export default [{
  rules: { 'no-unused-vars': 'error', eqeqeq: 'warn', 'prefer-const': 'error', 'no-debugger': 'error', 'no-undef': 'error' },
}];
`;
const typed = 'export interface Point { readonly x: number }\nexport const at = (x: number): Point => ({ x });\n';
const mistyped = "import { at } from './typed.js';\nconst point: string = at('1');\nexport default point.y;\n";

export const tools: Readonly<Record<string, Tool>> = {
  eslint: {
    stub: 'eslint.mjs',
    files: { 'eslint.config.mjs': config, 'clean.js': clean, 'faulty.js': faulty, 'broken.js': broken },
    commands: [
      { args: ['--version'] },
      { args: ['--help'] },
      { args: ['clean.js'] },
      { args: ['.'], status: 1 },
      { args: ['--format', 'json', 'clean.js', 'faulty.js'], status: 1 },
      { args: ['--fix', 'faulty.js'], status: 1 },
      { args: ['--stdin', '--stdin-filename', 'from-input.js'], input: faulty, status: 1 },
      { args: ['missing.js'], status: 2 },
      { args: ['--no-such-option'], status: 2 },
    ],
  },
  prettier: {
    stub: 'prettier.mjs',
    files: {
      'clean.js': clean,
      'faulty.js': faulty,
      'broken.js': broken,
      'style.css': 'a{color:RED;b:c}',
      'text.md': '*  one\n*  two\n',
    },
    commands: [
      { args: ['--version'] },
      { args: ['--help'] },
      { args: ['faulty.js'] },
      { args: ['--check', 'clean.js'] },
      { args: ['--check', 'clean.js', 'faulty.js', 'style.css'], status: 1 },
      { args: ['--write', 'faulty.js', 'style.css', 'text.md'] },
      { args: ['broken.js'], status: 2 },
      { args: ['--stdin-filepath', 'from-input.ts'], input: 'let  a :string= "1" ;' },
    ],
    varies: /\b\d+ms\b/g,
  },
  typescript: {
    stub: 'tsc.cjs',
    files: {
      'typed.ts': typed,
      'mistyped.ts': mistyped,
      'tsconfig.json':
        '{ "compilerOptions": { "outDir": "out", "module": "nodenext", "declaration": true, "sourceMap": true, "types": [] } }',
    },
    commands: [
      { args: ['--version'] },
      { args: ['--help'] },
      { args: ['--showConfig'] },
      { args: ['--noEmit', '--module', 'nodenext', 'typed.ts'] },
      { args: ['-p', '.'], status: 2 },
      { args: ['-p', '.', '--pretty', '--noEmit'], status: 2 },
      { args: ['--no-such-option'], status: 1 },
    ],
  },
  mocha: {
    stub: 'mocha.cjs',
    files: {
      'good.cjs':
        "const assert = require('node:assert');\ndescribe('sums', () => { it('adds', () => assert.equal(1 + 1, 2)); it('waits', async () => new Promise(setImmediate)); it('later'); });\n",
      'bad.cjs':
        "const assert = require('node:assert');\ndescribe('lists', () => { it('differ', () => assert.deepStrictEqual([1, 2], [1, 3])); it('throw', () => { throw new Error('no'); }); });\n",
      'module.mjs': "it('is a module', () => {});\n",
    },
    commands: [
      { args: ['--version'] },
      { args: ['--help'] },
      { args: ['good.cjs', 'module.mjs'] },
      { args: ['good.cjs', 'bad.cjs'], status: 2 },
      { args: ['--reporter', 'dot', 'good.cjs'] },
      { args: ['--reporter', 'tap', 'bad.cjs'], status: 2 },
      { args: ['missing.cjs'], status: 1 },
    ],
    varies: /\(\d+ms\)/g,
  },
  webpack: {
    stub: 'webpack.cjs',
    files: {
      'src/index.js': "import { sum } from './sum.js';\nconsole.log(sum(1, 2));\n",
      'src/sum.js': clean,
      'broken/index.js': broken,
      'webpack.config.cjs': "module.exports = { entry: './src/index.js', devtool: 'source-map' };\n",
    },
    commands: [
      { args: ['--version'] },
      { args: ['build', '--config', 'webpack.config.cjs', '--mode', 'production'] },
      { args: ['build', '--config', 'webpack.config.cjs', '--mode', 'development', '--output-path', 'other'] },
      { args: ['build', '--mode', 'production', '--entry', './broken/index.js'], status: 1 },
      { args: ['build', '--no-such-option'], status: 2 },
    ],
    varies: /\bin \d+ ms\b|Memory: .* GB/g,
  },
  yargs: {
    stub: 'yargs.mjs',
    files: {},
    commands: [
      { args: ['--help'] },
      { args: ['--version'] },
      { args: ['serve', '8080', '-v'] },
      { args: ['serve', '--help'] },
      { args: ['upper'], input: 'some text\n' },
      { args: ['upper', '--output', 'written'], input: 'ä text\n' },
      { args: ['serve', '--colour', 'blue'], status: 1 },
      { args: [], status: 1 },
      { args: ['serve', '--help'], env: { LC_ALL: 'de_DE.UTF-8', COLUMNS: '40' } },
    ],
  },
  commander: {
    stub: 'commander.mjs',
    files: {},
    commands: [
      { args: ['--help'] },
      { args: ['--version'] },
      { args: ['help', 'split'] },
      { args: ['split', '-s', '/', 'a/b/c'] },
      { args: ['split', '--first', 'a,b'], env: { CASE: 'upper' } },
      { args: ['split', 'a', '-c', 'none'], status: 1 },
      { args: ['splitt'], status: 1 },
      { args: ['fail'], status: 3 },
      { args: [], status: 1 },
    ],
  },
};
