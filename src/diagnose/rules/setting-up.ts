import { cached, script, step, uses, type Rule } from './rule.ts';

/** What is fetched and installed before anything of the team's own is done. */

const INSTALL =
  /\b(?:npm (?:ci|i|install)|yarn(?: install)?(?=\s|$)|pnpm (?:i|install)|pip3? install|poetry install|bundle install|composer install|go mod download|cargo fetch)\b/m;
const TOOLCHAIN =
  /\b(?:rustup|apt-get install|apt install|brew install|sdk install|nvm install|asdf install|choco install)\b/;

export const installWithoutCache: Rule = {
  id: 'install-without-cache',
  title: 'Dependencies are installed without a cache',
  advice: "Let the setup action keep the package manager's cache.",
  yaml: '- uses: actions/setup-node@v4\n  with:\n    node-version: 24\n    cache: npm',
  remains: [0.2, 0.6],
  find: step((each) => INSTALL.test(script(each)) && !cached(each)),
};

export const fullHistory: Rule = {
  id: 'full-history',
  title: 'The whole history is checked out',
  advice: 'Check out one commit; fetch more only where a step needs it.',
  yaml: '- uses: actions/checkout@v5\n  with:\n    fetch-depth: 1',
  remains: [0.1, 0.4],
  find: step(
    (each) => uses(each, /^actions\/checkout@/) && String(each.fileStep?.with['fetch-depth']) === '0',
  ),
};

export const toolchainFromScratch: Rule = {
  id: 'toolchain-from-scratch',
  title: 'The toolchain is set up from scratch',
  advice: 'Use an image that has it, or the versions that the runner ships with.',
  yaml: 'container: ghcr.io/your-team/build:latest',
  remains: [0.1, 0.5],
  find: step((each) => TOOLCHAIN.test(script(each)) || (uses(each, /\/setup-[a-z]+@/) && !cached(each))),
};
