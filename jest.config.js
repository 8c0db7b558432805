/** Tests are ES modules, as the product is: `@actions/core` 3 and Octokit ship nothing else. */
export default {
  // The files of a worker share what is expensive to load or to build.
  testEnvironment: '<rootDir>/__tests__/support/worker.cjs',
  moduleNameMapper: {
    '^graphql$': '<rootDir>/__tests__/support/graphql.ts',
    '^date-fns$': '<rootDir>/__tests__/support/date-fns.ts',
    // The same library in one file instead of two hundred.
    '^linkedom$': 'linkedom/worker',
  },
  // Ten times what the slowest test takes on an idle machine. A busy machine must not fail a test.
  testTimeout: 30_000,
  setupFiles: ['<rootDir>/__tests__/support/fixed-seed.ts'],
  // Three on two cores, because many tests wait for a child process or for a loopback server.
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
