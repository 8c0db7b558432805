/** Mutation testing of what decides an answer: `npm run mutation`. See docs/evidence.md. */
export default {
  mutate: ['src/{measure,diagnose,judge}/**/*.ts', 'src/model/{survival,lead-time}.ts'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: { projectType: 'custom', configFile: 'jest.mutation.config.js', enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  // TypeScript 7 has no API for Stryker to rewrite its settings with; nothing in a run reads them.
  ignorePatterns: ['tsconfig.json', 'dist', 'docs', '.git', '.github', '.ci'],
  reporters: ['progress-append-only', 'json', 'clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, allowEmojis: false },
  jsonReporter: { fileName: 'reports/mutation.json' },
  tempDirName: '.stryker-tmp',
  concurrency: 2,
  thresholds: { high: 95, low: 90, break: 90 },
};
