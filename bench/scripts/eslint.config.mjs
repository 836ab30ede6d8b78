export default [
  {
    rules: {
      complexity: ['warn', 12],
      eqeqeq: 'warn',
      'no-else-return': 'warn',
      'no-shadow': 'warn',
      'no-unused-vars': 'warn',
      'prefer-const': 'warn',
    },
  },
];
