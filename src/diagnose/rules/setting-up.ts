import { isMostly, runsAny } from './commands.ts';
import { cached, isOpaque, jobYaml, script, step, uses, type Rule } from './rule.ts';

/** What is fetched and installed before anything of the team's own is done. */

const INSTALL =
  /^(?:npm (?:ci|i|install)(?=\s|$)|yarn(?: install)?(?=\s*$|\s+-)|pnpm (?:i|install)(?=\s|$)|(?:python3? -m )?pip3? install|poetry install|pipenv (?:install|sync)|bundle install|composer install|go mod download|cargo fetch|dotnet restore)/;
const TOOLCHAIN =
  /^(?:rustup (?:install|toolchain|update|default)|apt(?:-get)? install|brew install|sdk install|nvm install|asdf install|choco install)(?=\s|$)/;
/** Steps that look back into history: a release's notes, what a change affects, when a page was changed last. */
const LOOKS_BACK =
  /goreleaser|set-commits|action-release|semantic-release|changeset|release-please|git-cliff|conventional|commitlint|lerna|nx (?:affected|release)|nx-set-shas|--affected|turbo\b.*--filter=.*\[|sonar|gitversion|chromatic|codecov|codeql|last.?(?:modified|updated)|git (?:log|describe|rev-list|diff|merge-base|tag|blame|shortlog|push)/i;

export const installWithoutCache: Rule = {
  id: 'install-without-cache',
  title: 'Dependencies are installed without a cache',
  advice: "Let the setup action keep the package manager's cache.",
  yaml: (match) => {
    const run = script(match);
    const manager = /\b(npm|yarn|pnpm)\b/.exec(run)?.[1];
    const python = /\b(pip|poetry|pipenv)/.exec(run)?.[1];
    if (manager)
      return jobYaml(match, [
        `- uses: actions/setup-node@v7`,
        `  with:`,
        `    node-version: lts/*`,
        `    cache: ${manager}`,
      ]);
    if (python)
      return jobYaml(match, [
        `- uses: actions/setup-python@v7`,
        `  with:`,
        `    python-version: 3.x`,
        `    cache: ${python}`,
      ]);
    if (/bundle install/.test(run))
      return jobYaml(match, [`- uses: ruby/setup-ruby@v1`, `  with:`, `    bundler-cache: true`]);
    return null;
  },
  remains: [0.2, 0.6],
  find: step(
    (step) =>
      isMostly(script(step), INSTALL) && !cached(step) && !isOpaque(step.fileJob) && !mayBeCached(step),
  ),
};

/** Version 5 of setup-node keeps a cache by itself where package.json names its package manager; later ones npm's alone. */
const mayBeCached: Parameters<typeof step>[0] = (step) =>
  /^(?:yarn|pnpm)\b/m.test(script(step)) &&
  (step.fileJob?.steps.some(
    (other) =>
      /^actions\/setup-node@v5(?:\.|$)/.test(other.uses ?? '') &&
      String(other.with['package-manager-cache']) !== 'false',
  ) ??
    false);

export const fullHistory: Rule = {
  id: 'full-history',
  title: 'The whole history is checked out',
  advice: 'Check out one commit; fetch more only where a step needs it.',
  yaml: (match) => jobYaml(match, ['- uses: actions/checkout@v7', '  with:', '    fetch-depth: 1']),
  remains: [0.1, 0.4],
  find: (evidence) => step((step) => isWhole(step) && !needsHistory(step))(evidence),
};

/** Where a later step needs the commits, their files need not come with them. */
export const fullHistoryWithFiles: Rule = {
  id: 'full-history-with-files',
  title: 'The whole history is checked out with all its files',
  advice: 'A later step looks back into history: fetch the commits without the files that they had.',
  yaml: (match) =>
    jobYaml(match, ['- uses: actions/checkout@v7', '  with:', '    fetch-depth: 0', '    filter: blob:none']),
  remains: [0.2, 0.6],
  find: step((step) => isWhole(step) && needsHistory(step)),
};

const isWhole: Parameters<typeof step>[0] = (step) =>
  uses(step, /^actions\/checkout@/) &&
  String(step.fileStep?.with['fetch-depth']) === '0' &&
  step.fileStep?.with.filter === undefined;

/** What is not seen (an action of the repository's own, a workflow that is called) may look back too. */
const needsHistory: Parameters<typeof step>[0] = ({ fileJob }) =>
  isOpaque(fileJob) ||
  (fileJob?.steps.some(
    (step) =>
      LOOKS_BACK.test(step.uses ?? '') || LOOKS_BACK.test(step.run ?? '') || LOOKS_BACK.test(step.name ?? ''),
  ) ??
    false);

export const toolchainFromScratch: Rule = {
  id: 'toolchain-from-scratch',
  title: 'The toolchain is set up from scratch',
  advice: 'Use an image that has it, or the versions that the runner ships with.',
  yaml: null,
  remains: [0.1, 0.5],
  find: step((step) => runsAny(script(step), TOOLCHAIN) || (uses(step, /\/setup-[a-z]+@/) && !cached(step))),
};
