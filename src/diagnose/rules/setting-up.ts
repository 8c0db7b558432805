import { isMostly, runsAny } from './commands.ts';
import { hasCache, isOpaque, jobYaml, type Rule, scriptOf, stepsWhere, usesAction } from './rule.ts';

/** Rules about setup: checkouts, packages and tools. */

const INSTALL =
  /^(?:npm (?:ci|i|install)(?=\s|$)|yarn(?: install)?(?=\s*$|\s+-)|pnpm (?:i|install)(?=\s|$)|(?:python3? -m )?pip3? install|poetry install|pipenv (?:install|sync)|bundle install|composer install|go mod download|cargo fetch|dotnet restore)/;
const TOOLCHAIN =
  /^(?:rustup (?:install|toolchain|update|default)|apt(?:-get)? install|brew install|sdk install|nvm install|asdf install|choco install)(?=\s|$)/;
/** Steps that need the history, for release notes, affected projects or the date of a page's last change. */
const NEEDS_HISTORY =
  /goreleaser|set-commits|action-release|semantic-release|changeset|release-please|git-cliff|conventional|commitlint|lerna|nx (?:affected|release)|nx-set-shas|--affected|turbo\b.*--filter=.*\[|sonar|gitversion|chromatic|codecov|codeql|last.?(?:modified|updated)|git (?:log|describe|rev-list|diff|merge-base|tag|blame|shortlog|push)/i;

export const installWithoutCache: Rule = {
  id: 'install-without-cache',
  title: 'Packages are downloaded on every run',
  advice:
    'Turn on the cache of the setup action, so that packages are downloaded only if the lock file changes.',
  yaml: (hit) => {
    const run = scriptOf(hit);
    const manager = /\b(npm|yarn|pnpm)\b/.exec(run)?.[1];
    const python = /\b(pip|poetry|pipenv)/.exec(run)?.[1];
    if (manager)
      return jobYaml(hit, [
        `- uses: actions/setup-node@v7`,
        `  with:`,
        `    node-version: lts/*`,
        `    cache: ${manager}`,
      ]);
    if (python)
      return jobYaml(hit, [
        `- uses: actions/setup-python@v7`,
        `  with:`,
        `    python-version: 3.x`,
        `    cache: ${python}`,
      ]);
    if (/bundle install/.test(run))
      return jobYaml(hit, [`- uses: ruby/setup-ruby@v1`, `  with:`, `    bundler-cache: true`]);
    return null;
  },
  remains: [0.2, 0.6],
  find: stepsWhere(
    (step) =>
      isMostly(scriptOf(step), INSTALL) && !hasCache(step) && !isOpaque(step.fileJob) && !mayBeCached(step),
  ),
};

/** Version 5 of setup-node caches by default if package.json names the package manager. Later versions cache only npm. */
const mayBeCached: Parameters<typeof stepsWhere>[0] = (step) =>
  /^(?:yarn|pnpm)\b/m.test(scriptOf(step)) &&
  (step.fileJob?.steps.some(
    (other) =>
      /^actions\/setup-node@v5(?:\.|$)/.test(other.uses ?? '') &&
      String(other.with['package-manager-cache']) !== 'false',
  ) ??
    false);

export const fullHistory: Rule = {
  id: 'full-history',
  title: 'The checkout fetches every commit and file',
  advice: 'No step of this job seems to need the history. Remove `fetch-depth: 0`.',
  yaml: (hit) => jobYaml(hit, ['- uses: actions/checkout@v7', '  with:', '    fetch-depth: 1']),
  remains: [0.1, 0.4],
  find: stepsWhere((step) => fetchesEverything(step) && !needsHistory(step)),
};

export const fullHistoryWithFiles: Rule = {
  id: 'full-history-with-files',
  title: 'The checkout fetches old files that nobody needs',
  advice:
    'Keep `fetch-depth: 0` and add `filter: blob:none`. A later step may need the commits, but not old files.',
  yaml: (hit) =>
    jobYaml(hit, ['- uses: actions/checkout@v7', '  with:', '    fetch-depth: 0', '    filter: blob:none']),
  remains: [0.2, 0.6],
  find: stepsWhere((step) => fetchesEverything(step) && needsHistory(step)),
};

const fetchesEverything: Parameters<typeof stepsWhere>[0] = (step) =>
  usesAction(step, /^actions\/checkout@/) &&
  String(step.fileStep?.with['fetch-depth']) === '0' &&
  step.fileStep?.with.filter === undefined;

/** True if a step of the job may need the history. Actions and workflows that the file does not show might. */
const needsHistory: Parameters<typeof stepsWhere>[0] = ({ fileJob }) =>
  isOpaque(fileJob) ||
  (fileJob?.steps.some(({ uses, run, name }) =>
    [uses, run, name].some((text) => NEEDS_HISTORY.test(text ?? '')),
  ) ??
    false);

export const toolchainFromScratch: Rule = {
  id: 'toolchain-from-scratch',
  title: 'Tools are installed on every run',
  advice: 'Use an image that already has these tools, or the versions that the runner comes with.',
  yaml: null,
  remains: [0.1, 0.5],
  find: stepsWhere(
    (step) => runsAny(scriptOf(step), TOOLCHAIN) || (usesAction(step, /\/setup-[a-z]+@/) && !hasCache(step)),
  ),
};
