/** What the commands of each part are called in tables and in the chart. */

export const names = {
  true: '/bin/true',
  forked: 'prefork-interp, one-line script',
  linked: "prefork-interp through npm's link",
  shell: 'an empty script of /bin/sh',
  node: 'node -e 0',
  script: 'node, one-line script',
  cached: 'node with compile cache, one-line script',
  bun: 'bun -e 0',
  esbuild: 'esbuild --version',
  chiark: "Debian's prefork-interp, one-line Perl script",
};

export const eslintNames = {
  true: '/bin/true',
  forked: 'prefork-interp, stub warmed up',
  plain: 'node, stub that loads ESLint',
  command: 'eslint',
  eslintD: 'eslint_d',
};

export const prettierNames = {
  true: '/bin/true',
  forked: 'prefork-interp, stub warmed up',
  plain: 'node, the same stub',
  command: 'prettier',
  prettierD: 'prettierd',
};

export const firstNames = {
  true: '/bin/true',
  forked: 'prefork-interp, first call',
  plain: 'node, the same script',
};
