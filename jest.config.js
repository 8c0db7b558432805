/** Tests are ES modules, as the product is: `@actions/core` 3 and Octokit ship nothing else. */
export default {
  // The environment keeps what is expensive for all files of a worker, graphql and GitHub's schema among it.
  testEnvironment: '<rootDir>/__tests__/support/worker.cjs',
  moduleNameMapper: {
    '^graphql$': '<rootDir>/__tests__/support/graphql.ts',
    '^date-fns$': '<rootDir>/__tests__/support/date-fns.ts',
  },
  // Five times what the slowest takes on an idle machine: no verdict may come of how busy one is.
  testTimeout: 30_000,
  setupFiles: ['<rootDir>/__tests__/support/fixed-seed.ts'],
  // On two cores three: most tests wait for a child process or for a loopback server.
  maxWorkers: 3,
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.stryker-tmp/'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
};
