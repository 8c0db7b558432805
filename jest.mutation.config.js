import config from './jest.config.js';

/** The tests of what is measured, on facts by hand: fast enough to be run for every mutant. */
export default {
  ...config,
  // Stryker wraps the environment in its own. No test of these rooms needs GitHub's schema.
  testEnvironment: 'node',
  moduleNameMapper: { '^date-fns$': '<rootDir>/__tests__/support/date-fns.ts' },
  testMatch: ['model', 'measure', 'diagnose', 'judge'].map(
    (room) => `<rootDir>/__tests__/${room}/**/*.test.ts`,
  ),
  setupFiles: [...config.setupFiles, '<rootDir>/__tests__/support/fail-at-once.ts'],
};
