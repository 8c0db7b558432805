import { allSteps, type FileJob, type FileStep } from '../../model/workflow-file.ts';
import type { PathStep } from '../critical-path.ts';
import { commandsIn, isMostly, kindsOf, plain, runsAny, scriptIn } from './commands.ts';
import {
  byCostliest,
  byGroup,
  does,
  type Evidence,
  findingOf,
  hasCache,
  type Hit,
  hitOf,
  isOpaque,
  jobDoes,
  jobOf,
  jobYaml,
  partsOf,
  type Rule,
  scriptOf,
  secondsOf,
  stepDiff,
  stepsWhere,
  together,
  usesAction,
} from './rule.ts';

/** Rules about setup: checkouts, packages and tools. */

/** The folder in which a step runs, without the root of the repository. */
const folderOf = (hit: Pick<Hit, 'fileStep' | 'fileJob'>): string => {
  const [, entered = ''] = /(?:^|\n)\s*cd ([\w./-]+)/.exec(scriptOf(hit)) ?? [];
  const parts = [hit.fileStep?.directory ?? hit.fileJob?.directory ?? '', entered].join('/').split('/');
  return parts.filter((part) => part !== '' && part !== '.').join('/');
};

/** A path in the folder of a step, as actions need it: they do not know the working directory of the steps with commands. */
export const inFolder = (hit: Pick<Hit, 'fileStep' | 'fileJob'>, path: string): string =>
  [folderOf(hit), path].filter((part) => part !== '').join('/');

const LOCK_FILES: Readonly<Record<string, string>> = { npm: 'package-lock.json', yarn: 'yarn.lock' };
/** The inputs of setup-node that keep the packages of a tool. */
const nodeCache = (hit: Hit, tool: string): string[] => [
  `cache: ${tool}`,
  ...(folderOf(hit) !== '' && LOCK_FILES[tool]
    ? [`cache-dependency-path: ${inFolder(hit, LOCK_FILES[tool])}`]
    : []),
];

/** The last step that brings a package manager which the runner does not have; -1 without one. */
const providesAt = ({ steps }: FileJob, tool: string): number =>
  tool === 'npm'
    ? -1
    : steps.findLastIndex(
        ({ uses, run }) =>
          /^pnpm\/action-setup@/.test(uses ?? '') ||
          runsAny(run ?? '', /^(?:corepack|(?:npm|yarn) (?:i|install|add|global) .*pnpm\b)/) ||
          /\bcorepack enable\b/.test(run ?? ''),
      );
const checkoutAt = ({ steps }: FileJob): number =>
  steps.findIndex(({ uses }) => /^actions\/checkout@/.test(uses ?? ''));

/** The script of a step without the commands that only install a package manager. */
const packagesScript = (hit: Pick<Hit, 'fileStep'>): string =>
  commandsIn(scriptOf(hit))
    .filter((command) => !PACKAGE_MANAGER.test(plain(command)))
    .join('\n');

/** What has to come before the cache of setup-node, if it does not yet. */
const orderOf = (hit: Hit): string => {
  const [tool] = /\b(?:yarn|pnpm)\b/.exec(packagesScript(hit)) ?? [];
  const isLate = partsOf(hit).some(({ fileJob }) => {
    const setup = fileJob?.steps.findIndex(({ uses }) => /^actions\/setup-node@/.test(uses ?? '')) ?? -1;
    return tool && fileJob && providesAt(fileJob, tool) > setup;
  });
  if (!isLate) return '';
  return tool === 'pnpm'
    ? ' The step that installs pnpm has to come before `actions/setup-node`.'
    : ' `corepack enable` has to come before `actions/setup-node`, in a step of its own.';
};

/** The step that brings the package manager, if it has to come before the cache of setup-node and does not yet. */
const providerOf = (hit: Hit): string[] => {
  if (orderOf(hit) === '') return [];
  const [tool = ''] = /\b(?:yarn|pnpm)\b/.exec(scriptOf(hit)) ?? [];
  if (tool === 'yarn') return ['- run: corepack enable'];
  const { uses, run } = hit.fileJob?.steps[providesAt(hit.fileJob, tool)] ?? {};
  return uses ? [`- uses: ${uses}`] : run && !run.trim().includes('\n') ? [`- run: ${run.trim()}`] : [];
};

/** True if a step before the setup action installs Poetry or Pipenv. */
const isSetUpBefore = ({ fileJob }: Hit, action: RegExp): boolean =>
  (fileJob?.steps ?? [])
    .slice(0, Math.max(0, fileJob?.steps.findIndex(({ uses }) => action.test(uses ?? '')) ?? 0))
    .some(({ uses, run }) => /poetry|pipenv/.test(`${uses} ${run}`));

/** The file that says what pip installs, as far as the script shows. */
const requirementsOf = (hit: Hit): string => {
  const isExported = hit.fileJob?.steps.some(({ run }) => runsAny(run ?? '', /^poetry export\b/));
  if (isExported) return 'poetry.lock';
  const [, file = ''] = /\s(?:-r|--requirement)[ =]?(\S+)/.exec(scriptOf(hit)) ?? [];
  return /^[\w./-]+$/.test(file) ? file.replace(/^(?:\.\/)+/, '') : 'requirements.txt';
};

/** The inputs of setup-python that keep the packages of a tool. Its key is made of requirements.txt, unless an input names others. */
const pythonCache = (hit: Hit, tool: string): string[] => {
  const file = requirementsOf(hit);
  const isKnown = folderOf(hit) === '' && /(?:^|\/)requirements\.txt$/.test(file);
  return [
    `cache: ${tool}`,
    ...(tool === 'pip' && !isKnown ? [`cache-dependency-path: ${inFolder(hit, file)}`] : []),
  ];
};

export const INSTALL =
  /^(?:npm (?:ci|i|install|clean-install)(?=\s|$)|yarn(?: install)?(?=\s*$|\s+-)|pnpm (?:-\S+ )*(?:i|install)(?=\s|$)|(?:python3? -m )?pip3? install|poetry install|pipenv (?:install|sync)|bundle install|composer install|go mod (?:download|vendor)|cargo fetch|dotnet restore|nuget restore|pod install|bun (?:i|install)(?=\s|$)|deno install|flutter pub get|(?:conda|mamba|micromamba) (?:env )?(?:create|update)|(?:pdm|rye) (?:install|sync)|mix deps\.get|rebar3 get-deps|dart pub get|melos bootstrap|lerna bootstrap|rush install|bower install|lein deps|conan install|vcpkg install|swift package resolve|carthage bootstrap|opam install|luarocks install|yarn workspaces focus|mvnw? .*dependency:(?:go-offline|resolve)|Rscript .*(?:install\.packages|install_deps|renv::restore)|julia .*Pkg\.instantiate)/;
export const TOOLCHAIN =
  /^(?:(?:rustup (?:install|toolchain|update|default|target)|apt(?:-get)?(?: -\S+)* install|(?:dnf|yum|zypper|apk|pacman)(?: -\S+)* (?:add|install|-S\w*)|brew install|sdk install|nvm install|(?:asdf|mise|rbenv|pyenv|tfenv|volta|ghcup) (?:install|use)|(?:choco|winget|scoop) install|cargo b?install(?!.*--path)|go install|gem install|npm (?:i|install) (?:-g|--global)|(?:yarn global|pnpm|bun) add (?:-g |--global )?|ansible-galaxy|dotnet (?:tool|workload) install|pipx install|uv tool install|composer global require|playwright install|xcodebuild -downloadPlatform|gcloud components install|az (?:extension add|bicep install)|helm plugin install|nix profile install|opam (?:init|switch create)|tlmgr install|xcodes install|pod repo update|flutter precache)(?=\s|$)|(?:python3? -m )?pip3? install (?!.*(?:-r|--requirement|-e|--editable)\b)(?![./-])\w)/;
/** A package manager is installed in seconds. */
const PACKAGE_MANAGER =
  /^(?:npm (?:i|install) (?:-g|--global)|python3? -m pip install|pip3? install|gem install) (?:-\S+ )*(?:npm|yarn|pnpm|bun|corepack|pip|pipenv|poetry|uv|bundler)(?:@\S+)?$/;
/** Commands that fetch and unpack a tool, in a step whose name says that it installs one. */
const FETCH =
  /^(?:curl|wget|tar|unzip|dpkg|install|chmod|mv|cp|ln|rm|bash|sh|gunzip|apt|mktemp|git clone|gh release download)\b/;
/** Steps that need the history, for release notes, affected projects or the date of a page's last change. */
const NEEDS_HISTORY =
  /goreleaser|set-commits|action-release|semantic-release|changeset|release-please|git-cliff|conventional|commitlint|lerna|nx (?:affected|release)|nx-set-shas|--affected|turbo\b.*--filter=.*\[|sonar|gitversion|chromatic|codecov|codeql|last.?(?:modified|updated)|git (?:log|describe|rev-list|diff|merge-base|tag|blame|shortlog|push)/i;

/** These take less than this share of the path in most pipelines, and then a change of them is hardly worth it. */
const STRONG = 0.08;

/** The steps that keep what the first command of a step installs; none if unknown. */
function cacheStepsFor(hit: Hit): string[] {
  const run = packagesScript(hit);
  const [, manager] = /\b(npm|yarn|pnpm)\b/.exec(run) ?? [];
  const [, python] = /\b(pip|poetry|pipenv)/.exec(run) ?? [];
  const setUp = (tool: string, inputs: readonly string[]) => [
    `- uses: actions/setup-${tool}@v7`,
    `  with:`,
    ...inputs.map((input) => `    ${input}`),
  ];
  const keep = (path: string, key: string, ...more: string[]) => [
    `- uses: actions/cache@v4`,
    `  with:`,
    `    path: ${path}`,
    `    key: ${key}`,
    ...more,
  ];
  if (manager) return [...providerOf(hit), ...setUp('node', nodeCache(hit, manager))];
  // To set up Python here could change its version, and so what is installed.
  if (python)
    return keep(
      python === 'poetry' ? '~/.cache/pypoetry' : '~/.cache/pip',
      `${python}-$\{{ hashFiles('**/${{ poetry: 'poetry.lock', pipenv: 'Pipfile.lock' }[python] ?? requirementsOf(hit)}') }}`,
    );
  if (/composer install/.test(run))
    return keep(inFolder(hit, 'vendor'), `composer-$\{{ hashFiles('**/composer.lock') }}`);
  if (/(?:dotnet|nuget) restore/.test(run) && !locksNuGet(hit))
    return keep(
      '~/.nuget/packages',
      `nuget-$\{{ runner.os }}-$\{{ hashFiles('**/*.csproj', '**/Directory.Packages.props') }}`,
      `    restore-keys: nuget-$\{{ runner.os }}-`,
    );
  if (/pod install/.test(run))
    return keep(inFolder(hit, 'Pods'), `pods-$\{{ hashFiles('**/Podfile.lock') }}`);
  if (/bundle install/.test(run))
    return [
      `- uses: ruby/setup-ruby@v1`,
      `  with:`,
      `    bundler-cache: true`,
      ...(folderOf(hit) ? [`    working-directory: ${folderOf(hit)}`] : []),
    ];
  return [];
}

export const installWithoutCache: Rule = {
  id: 'install-without-cache',
  title: 'Packages are downloaded on every run',
  advice:
    'Turn on the cache of the setup action, or use `actions/cache` if it has none, so that packages are downloaded only if the lock file changes.',
  yaml: (hit) => {
    const parts = partsOf(hit);
    // Each tool of the job has a cache of its own.
    const own = parts.every(({ id }) => id === hit.id) ? parts : [hit];
    const steps = own.map(cacheStepsFor);
    if (steps.some((lines) => lines.length === 0)) return null;
    return jobYaml(hit, [...new Map(steps.map((lines) => [lines.join(), lines])).values()].flat());
  },
  diff: (hit) => {
    const tools = new Set(
      partsOf(hit).map(
        (part) =>
          commandsIn(scriptOf(part))
            .find((command) => INSTALL.test(command))
            ?.split(' ')[0],
      ),
    );
    // Each tool has another cache.
    if (tools.size > 1) return null;
    const [tool = ''] =
      /\b(?:npm|yarn|pnpm|pip|poetry|pipenv|bundle|dotnet)\b/.exec(packagesScript(hit)) ?? [];
    if (tool === 'bundle') return stepDiff(hit, /^ruby\/setup-ruby@/, { inputs: ['bundler-cache: true'] });
    // Without lock files, the cache of setup-dotnet fails.
    if (tool === 'dotnet')
      return locksNuGet(hit) ? stepDiff(hit, /^actions\/setup-dotnet@/, { inputs: ['cache: true'] }) : null;
    const action = /^p(?:ip|o)/.test(tool) ? /^actions\/setup-python@/ : /^actions\/setup-node@/;
    // setup-python asks a manager where its cache is, so that one has to be there before.
    const isLate = tool !== 'pip' && !isSetUpBefore(hit, action);
    if (/^p(?:ip|o)/.test(tool))
      return isLate ? null : stepDiff(hit, action, { inputs: pythonCache(hit, tool) });
    return tool === ''
      ? null
      : stepDiff(hit, action, {
          inputs: nodeCache(hit, tool),
          missing: (fileJob) => {
            const after = fileJob.steps[Math.max(providesAt(fileJob, tool), checkoutAt(fileJob))];
            const isOwn = after?.run != null && runsAny(after.run, INSTALL);
            return after && !isOwn ? { uses: 'actions/setup-node@v7', after } : null;
          },
          isTooEarly: (fileJob, step) => fileJob.steps.indexOf(step) < providesAt(fileJob, tool),
        });
  },
  remains: [0.2, 0.6],
  find: (evidence) =>
    grouped(evidence, (step) => {
      const installs = installsOf(step);
      const [command = ''] = commandsIn(packagesScript(step)).filter((command) => installs.test(command));
      const isInstall =
        isMostly(ownScript(step), installs) &&
        command !== '' &&
        !runsAny(packagesScript(step), TOOLCHAIN) &&
        !does(step, 'build', 'test', 'image', 'deploy');
      if (
        !(isInstall || installsItself(step) || isMixed(step)) ||
        handsOnPackages(step) ||
        hasUnknownSetup(step) ||
        (hasCache(step, command) && !isBeforeCache(step)) ||
        isOpaque(step.fileJob) ||
        mayBeCached(step)
      )
        return null;
      if (installsItself(step)) return isConda(step) ? 'conda' : 'pnpm';
      // Ruby fetches the tool of the pods, too.
      return command.split(' ')[0]?.replace(/^pod$/, 'bundle') ?? '';
    })
      .reduce(withSameJob, [])
      .flatMap((hit) => {
        const parts = partsOf(hit);
        const mixed = parts.filter(isMixed);
        if (mixed.length === parts.length && secondsOf(mixed) < LONG_MIXED) return [];
        const isUnclear =
          mixed.length === parts.length || SETUP_TARGET.test(commandsIn(scriptOf(hit))[0] ?? '');
        return [
          {
            ...hit,
            ...(mixed.length > 0
              ? {
                  atStakeSeconds: secondsOf(parts) - secondsOf(mixed) * (1 - INSTALLS),
                  remains: installWithoutCache.remains,
                }
              : {}),
            ...(parts.every((part) => runsAny(scriptOf(part), /^(?:python3? -m )?pip3? /))
              ? { remains: OF_PIP }
              : {}),
            ...(isUnclear ? { doubt: 'The command may do more than install packages.' } : {}),
            ...(parts.every(installsItself)
              ? { advice: parts.every(isConda) ? KEEP_CONDA : IN_A_STEP }
              : orderOf(hit) !== '' || parts.some(ignoresCache)
                ? {
                    advice: `${installWithoutCache.advice}${orderOf(hit)}${parts.some(ignoresCache) ? WITHOUT : ''}`,
                  }
                : {}),
          },
        ];
      }),
};
/** True if pip is told not to use its cache, so that a kept one does nothing. */
const ignoresCache = (hit: Hit): boolean =>
  runsAny(scriptOf(hit), /^(?:python3? -m )?pip3? .*--no-cache-dir\b/);
const WITHOUT = ' Remove `--no-cache-dir`, too.';

/** The cache of pip only keeps downloads. */
const OF_PIP: [number, number] = [0.4, 0.65];
const IN_A_STEP =
  'Install the packages in a step of their own, after `actions/setup-node` with `cache: pnpm`. The action that sets up pnpm keeps nothing.';

const KEEP_CONDA =
  'Keep the environment: use `mamba-org/setup-micromamba` with `cache-environment: true`, or `actions/cache` with a key from the environment file.';

/** The share of a step that installs packages and then builds with them which the packages probably take. */
const INSTALLS = 0.4;
/** Shorter steps that also do other work are a finding only with others. Seconds. */
const LONG_MIXED = 120;

/** True if a step installs packages and builds with them. */
const isMixed = (step: Pick<Hit, 'fileStep'>): boolean =>
  step.fileStep?.run != null &&
  runsAny(step.fileStep.run, INSTALL) &&
  !isMostly(step.fileStep.run, INSTALL) &&
  !does({ fileStep: step.fileStep }, 'test', 'image', 'deploy') &&
  does({ fileStep: step.fileStep }, 'build');

/** True if a step installs packages before the action that fetches the cache of its job. */
const isBeforeCache = (step: PathStep): boolean => {
  const steps = step.fileJob?.steps ?? [];
  const cache = steps.findIndex(
    ({ uses, with: inputs }) =>
      /^actions\/(?:setup-node|cache)@/.test(uses ?? '') && /cache/.test(`${uses}${Object.keys(inputs)}`),
  );
  return installsItself(step) && step.fileStep !== null && steps.indexOf(step.fileStep) < cache;
};

/** True if an action that sets up a package manager also installs the packages. */
const installsItself = (step: Pick<Hit, 'fileStep'>): boolean =>
  isConda(step) ||
  (/^pnpm\/action-setup@/.test(step.fileStep?.uses ?? '') &&
    !['false', 'null', 'undefined'].includes(String(step.fileStep?.with.run_install).trim()));
const isConda = ({ fileStep }: Pick<Hit, 'fileStep'>): boolean =>
  /\/setup-(?:miniconda|micromamba)@/.test(fileStep?.uses ?? '') &&
  fileStep?.with['environment-file'] !== undefined;

/** Joins a finding to those whose jobs it shares: nobody turns on the cache of one tool only. */
function withSameJob(findings: Hit[], hit: Hit): Hit[] {
  const jobsOf = (one: Hit) => partsOf(one).map(({ id }) => id);
  const same = findings.find((other) => jobsOf(other).some((id) => jobsOf(hit).includes(id)));
  if (!same) return [...findings, hit];
  const joined = together([same, hit].flatMap(partsOf)).map(byCostliest);
  return [...findings.filter((other) => other !== same), ...joined];
}

/** True if the file shows that NuGet has lock files. */
const locksNuGet = ({ fileJob }: Pick<Hit, 'fileJob'>): boolean =>
  /packages\.lock\.json|--locked-mode|RestoreLockedMode/i.test(JSON.stringify(fileJob));

/** Targets that install what a job needs. */
const SETUP_TARGET =
  /^(?:make|just|task|\.{0,2}\/?(?:scripts?|bin|ci)\/)\s*(?:setup|install|deps|dependencies|bootstrap)(?![\w-])/;
/** The commands of a step that install packages. */
const installsOf = (step: PathStep): RegExp => (runsAny(ownScript(step), INSTALL) ? INSTALL : SETUP_TARGET);

/** Actions that take little time, or whose time is that of what they set up. */
const QUICK =
  /^(?:actions\/(?:checkout|setup-|cache)|pnpm\/action-setup|oven-sh\/setup-bun|volta-cli\/action)/;

/** The script of a step; empty if the step uses an action that does more than set up and run the script. */
const ownScript = (step: PathStep): string => {
  const inner = step.fileStep ? allSteps([step.fileStep]) : [];
  return inner.every(({ uses }) => uses === null || QUICK.test(uses)) ? scriptOf(step) : '';
};

/** Owners of setup actions that cache only if an input says so. */
const KNOWN_SETUPS =
  /^(?:actions|pnpm|oven-sh|shivammathur|ruby|erlef|volta-cli|subosito|dtolnay|abatilo|snok|docker|aws-actions|azure|google-github-actions|hashicorp|opentofu|superfly|microsoft|nuget|gradle|astral-sh|jdx|maxim-lobanov|sbt|extractions|peaceiris|denoland|dart-lang|expo|hashicorp|fastlane|graalvm|conda-incubator|mamba-org)\//i;

/** True if the job uses a setup action that may cache without saying so. */
const hasUnknownSetup = ({ fileJob }: PathStep): boolean =>
  allSteps(fileJob?.steps ?? []).some(
    ({ uses }) => /setup|install|prepare|bootstrap/i.test(uses ?? '') && !KNOWN_SETUPS.test(uses ?? ''),
  );

/** True if the job uploads its packages for other jobs. Then a cache replaces the artifact. */
const handsOnPackages = ({ fileJob }: PathStep): boolean =>
  fileJob?.steps.some(
    ({ uses, with: inputs }) =>
      /^actions\/upload-artifact@/.test(uses ?? '') && /node_modules|vendor|venv/.test(String(inputs.path)),
  ) ?? false;

/** One finding for the steps of each group. */
const grouped = (evidence: Evidence, groupOf: (step: PathStep) => string | null): Hit[] =>
  byGroup(evidence, groupOf).flatMap((steps) => {
    // Packages are a part of the time of a step that also builds with them.
    const builds = steps.some((step) => does(step, 'build', 'test', 'image'));
    const isPart = steps.some((step) => step.fileStep?.run != null && commandsIn(scriptOf(step)).length > 3);
    return findingOf(evidence, steps, builds ? { remains: isPart ? [0.75, 0.95] : [0.6, 0.9] } : {});
  });

/** Version 5 of setup-node caches by default if package.json names the package manager. Later versions cache only npm. */
const mayBeCached = (step: PathStep) =>
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
  diff: (hit) => stepDiff(hit, /^actions\/checkout@/, { without: ['fetch-depth: 0'] }),
  remains: [0.1, 0.4],
  find: (evidence) =>
    grouped(evidence, (step) => (fetchesEverything(step) && !needsHistory(step) ? step.id : null)),
};

export const fullHistoryWithFiles: Rule = {
  id: 'full-history-with-files',
  title: 'The checkout fetches old files that nobody needs',
  advice:
    'Keep `fetch-depth: 0` and add `filter: blob:none`. A later step may need the commits, but not old files.',
  yaml: (hit) =>
    jobYaml(hit, ['- uses: actions/checkout@v7', '  with:', '    fetch-depth: 0', '    filter: blob:none']),
  diff: (hit) => stepDiff(hit, /^actions\/checkout@/, { inputs: ['filter: blob:none'] }),
  remains: [0.2, 0.6],
  find: (evidence) =>
    grouped(evidence, (step) => (fetchesEverything(step) && needsHistory(step) ? step.id : null)),
};

const fetchesEverything = (step: PathStep) =>
  usesAction(step, /^actions\/checkout@/) &&
  String(step.fileStep?.with['fetch-depth']) === '0' &&
  step.fileStep?.with.filter === undefined;

/** Commands that run code of the repository. */
const SCRIPTS =
  /^(?:\.{0,2}\/|[\w.-]+\/|npm|yarn|pnpm|bun|make|just|task|bash|sh|python|node|ruby|rake|bundle|php|mix|sbt|(?:gradle|mvn)w?\b|dotnet|cargo|go |hugo|jekyll|mkdocs|sphinx)/;

/** True if a step of the job may need the history. Actions and workflows that the file does not show might. */
const needsHistory = ({ fileJob }: PathStep) =>
  isOpaque(fileJob) ||
  // A site may show when its pages changed, and a build or a script may use the number of commits.
  fileJob?.steps.some((step) => commandsIn(scriptIn(step)).some((command) => SCRIPTS.test(command))) ||
  (fileJob?.steps.some(({ uses, run, name }) =>
    [uses, run, name].some((text) => NEEDS_HISTORY.test(text ?? '')),
  ) ??
    false);

/** Commands that belong to installing a tool. */
const AROUND_TOOLS =
  /^(?:apt(?:-get)?|dpkg|add-apt-repository|curl|wget|tar|unzip|gunzip|mv|cp|ln|rm|chmod|install|rustup|brew|pip3?|python3? -m pip|npm|corepack|git clone|gem|luarocks|dotnet|sdkmanager|locale-gen|update-alternatives|fc-cache|tee|\S+ (?:--version|-v|version)$)/;

/** An image with the tools has to be pulled, too, which takes some of this. Seconds. */
const MANY_SECONDS_OF_TOOLS = 60;

export const toolchainFromScratch: Rule = {
  id: 'toolchain-from-scratch',
  title: 'Tools are installed on every run',
  advice: 'Use an image that already has these tools, or the versions that the runner comes with.',
  remains: [0.1, 0.5],
  find: (evidence) =>
    grouped(evidence, (step) => {
      if (step.fileJob?.keepsDisk) return null;
      const uses = step.fileStep?.uses ?? '';
      // The time of a step that also works is mostly that of the work.
      const works = step.fileStep !== null && kindsOf(step.fileStep).size > 0;
      const commands = commandsIn(ownScript(step));
      // Packages of the repository itself are not tools.
      const packages = commands.some((command) => INSTALL.test(command) && !TOOLCHAIN.test(command));
      const compiled = commands.filter((command) => COMPILED.test(command) && !hasCache(step, command));
      if (compiled.length > 0 && !packages) return `${step.id}\n${COMPILES}`;
      const isSetUp = commands.every((command) => TOOLCHAIN.test(command) || AROUND_TOOLS.test(command));
      if (isMostly(ownScript(step), TOOLCHAIN) && isSetUp && !works && !packages) return step.id;
      if (
        /^(?:install|set ?up|download|fetch|get)\b/i.test(step.fileStep?.name ?? '') &&
        runsAny(ownScript(step), /^(?:curl|wget|gh release)\b/) &&
        commandsIn(ownScript(step)).every((command) => FETCH.test(command) || TOOLCHAIN.test(command))
      )
        return step.id;
      // Such an action compiles or downloads all tools of a list.
      if (step.medianSeconds >= SLOW_SETUP && MANY_TOOLS.test(uses) && !keepsTools(step)) return uses;
      return null;
    })
      .filter(({ medianSeconds }) => medianSeconds >= MANY_SECONDS_OF_TOOLS)
      .map(byCostliest)
      .map((hit) =>
        runsAny(scriptOf(hit), /^(?:cargo install|go install|npm (?:i|install) (?:-g|--global))\b/) &&
        !hasCache({ fileJob: hit.fileJob ?? null }, 'cargo install')
          ? { ...hit, advice: PREBUILT }
          : runsAny(scriptOf(hit), /^playwright install\b/)
            ? { ...hit, advice: BROWSERS }
            : hit,
      ),
};

const MANY_TOOLS =
  /^(?:asdf-vm\/actions|(?:[\w-]+\/)*(?:install|setup)-(?:texlive|latex|r-dependencies)|r-lib\/actions\/setup-)/;
/** True if the job keeps tools, not packages. */
const keepsTools = ({ fileJob, fileStep }: PathStep): boolean =>
  allSteps(fileJob?.steps ?? []).some(
    ({ uses, with: inputs }) =>
      /cache/.test(uses ?? '') &&
      /asdf|tool|texlive|playwright|browser|chrome|sdk|\/opt|renv|R_LIBS/i.test(JSON.stringify(inputs)),
  ) ||
  Object.entries(fileStep?.with ?? {}).some(
    ([name, value]) => /cache/i.test(name) && String(value) !== 'false',
  );

/** A setup action that takes less hardly downloads anything. Seconds. */
const SLOW_SETUP = 20;

/** Tools that are compiled when they are installed, which takes most of the time of a script. */
const COMPILED = /^cargo install(?!.*--path)\b/;
const COMPILES = 'compiles';
const BROWSERS =
  'Run the job in the image of Playwright of the same version, install only the browsers that the tests use, or keep `~/.cache/ms-playwright` with `actions/cache`.';
const PREBUILT =
  'Download a prebuilt binary, such as with `taiki-e/install-action` or `cargo binstall`, or keep the installed tool with `actions/cache`.';

export const setUpAgain: Rule = {
  id: 'set-up-again',
  title: 'The same packages are installed again and again',
  advice:
    'Install them once. Keep the installed packages themselves in a cache, such as `node_modules`, and not only their downloads.',
  minShare: STRONG,
  remains: [0.2, 0.6],
  find: (evidence) => {
    const installs = (step: PathStep) =>
      commandsIn(scriptOf(step)).filter((command) => INSTALL.test(command));
    // Another folder needs other packages.
    const inOnePlace = (step: PathStep) => !/\bcd |--(?:prefix|cwd|dir)\b| -C /.test(scriptOf(step));
    const inOneStep = evidence.path.steps.flatMap((step): Hit[] => {
      const all = installs(step);
      const distinct = new Set(all).size;
      if (!inOnePlace(step) || distinct === 0 || distinct === all.length) return [];
      return [{ ...hitOf(step, evidence), atStakeSeconds: step.medianSeconds * (1 - distinct / all.length) }];
    });
    const inJobs = byGroup(evidence, (step) => {
      const all = installs(step);
      const counts =
        new Set(all.map((command) => command.split(' ')[0])).size === 1 &&
        inOnePlace(step) &&
        isMostly(scriptOf(step), INSTALL) &&
        !does(step, 'deploy', 'test', 'image');
      return counts && !step.fileJob?.keepsDisk && step.medianSeconds >= SLOW_INSTALL
        ? [inFolder(step, ''), JSON.stringify(step.fileStep?.with), ...all].join('\n')
        : null;
    }).flatMap((steps) => {
      const [, ...again] = steps.filter((step, i) => steps.findIndex(({ id }) => id === step.id) === i);
      return again.length >= 2 ? findingOf(evidence, again) : [];
    });
    const again = evidence.path.steps.filter(installsForCypress).map(
      (step): Hit => ({
        ...hitOf(step, evidence),
        atStakeSeconds: Math.min(step.medianSeconds, installBefore(step, evidence)),
        advice: WITHOUT_INSTALL,
        remains: [0.2, 0.5],
      }),
    );
    const unused = evidence.path.steps.filter((step) => isUnused(step));
    const inImages = findingOf(evidence, unused).map(
      (hit): Hit => ({
        ...hit,
        remains: [0, 0.1],
        ...(hit.fileJob?.steps.some(buildsOnPlatform)
          ? { advice: ON_PLATFORM }
          : { doubt: 'The image may copy what was installed.' }),
      }),
    );
    return [...inOneStep, ...inJobs, ...again, ...inImages];
  },
};

/** True if the action of Cypress installs the packages of its job. */
const installsForCypress = ({ fileStep }: PathStep): boolean =>
  /^cypress-io\/github-action@/.test(fileStep?.uses ?? '') &&
  String(fileStep?.with.install) !== 'false' &&
  fileStep?.with['working-directory'] === undefined;
/** The seconds of the packages that a job installed before a step. */
const installBefore = (step: PathStep, { path }: Evidence): number => {
  const own = path.steps.filter(({ id }) => id === step.id);
  return secondsOf(own.slice(0, own.indexOf(step)).filter((other) => isMostly(scriptOf(other), INSTALL)));
};
const WITHOUT_INSTALL =
  'The action of Cypress installs the packages of the job again. Set `install: false`, with the folder of Cypress in the cache of the step before.';

/** True if a step only installs packages, and the rest of its job only builds images or works with a registry or a cloud. */
function isUnused({ fileStep, fileJob }: PathStep): boolean {
  if (!fileStep?.run || !isMostly(fileStep.run, INSTALL)) return false;
  const later = fileJob?.steps.slice(fileJob.steps.indexOf(fileStep) + 1) ?? [];
  const isOther = (step: (typeof later)[number]) => {
    const commands = commandsIn(step.run ?? '');
    if (step.steps || step.uses?.startsWith('./')) return false;
    if (step.uses)
      return /^(?:docker|depot|aws-actions|azure|google-github-actions|actions)\//i.test(step.uses);
    return commands.every((command) =>
      /^(?:docker|podman|aws|gcloud|az|kubectl|helm|git|curl|jq|sed) /.test(command),
    );
  };
  return later.some((step) => kindsOf(step).has('image') || buildsOnPlatform(step)) && later.every(isOther);
}

/** True if Azure is asked to install and build what a step deploys. */
const buildsOnPlatform = ({ uses, with: inputs }: FileStep): boolean =>
  /^azure\//i.test(uses ?? '') &&
  ['scm-do-build-during-deployment', 'enable-oryx-build'].some((name) => String(inputs[name]) === 'true');
const ON_PLATFORM =
  'The platform installs the packages again when it builds. Leave this step out, or set `scm-do-build-during-deployment` and `enable-oryx-build` to false.';

/** Installing from a cache of downloads takes less, unless there are many packages. Seconds. */
const SLOW_INSTALL = 40;

/** GitHub's step that pulls and starts the containers of a job. */
const CONTAINERS = 'Initialize containers';
/** A service such as PostgreSQL is ready sooner. Seconds. */
const SLOW_SERVICES = 40;

export const serviceContainers: Rule = {
  id: 'service-containers',
  title: 'Tests wait for service containers',
  advice:
    'Use smaller images, and a health check with a short interval. Give a slow service, such as a search engine, only to the tests that need it.',
  minShare: STRONG,
  remains: [0.25, 0.65],
  find: stepsWhere((step, evidence) => {
    const { fileJob, medianSeconds } = step;
    const isStart =
      step.step === CONTAINERS
        ? (fileJob?.services?.length ?? 0) > 0
        : isMostly(ownScript(step), /^docker[ -]compose .*\bup\b(?!.*--build).* --wait\b/) &&
          isTestJob(step, evidence);
    return isStart && medianSeconds >= SLOW_SERVICES;
  }),
};

export const largeImagePulled: Rule = {
  id: 'large-image-pulled',
  title: 'A large image is pulled on every run',
  advice: 'Use a smaller image, or the tools that the runner already has.',
  minShare: STRONG,
  remains: [0.3, 0.7],
  find: stepsWhere(
    (step, { path }) =>
      (step.step === CONTAINERS && step.fileJob?.inContainer === true && !step.fileJob.services) ||
      (!jobOf(step, path)?.isDeploy &&
        !step.fileJob?.keepsDisk &&
        isMostly(scriptOf(step), /^docker (?:pull|compose pull)\b/) &&
        !does(step, 'image') &&
        !isRetagged(step)),
  ),
};

/** Commands that give an image that is in a registry another tag, by way of the runner. */
const RETAGS = /^docker (?:pull|tag|push|login|images?|inspect|rmi)\b/;

/** True if the job pulls images, tags and pushes them, and neither builds, runs nor saves any. */
const isRetagged = ({ fileJob }: PathStep): boolean => {
  const commands = allSteps(fileJob?.steps ?? []).flatMap((step) => commandsIn(scriptIn(step)).map(plain));
  const docker = commands.filter((command) => /^docker\b/.test(command));
  return (
    ['pull', 'tag', 'push'].every((verb) => docker.some((command) => command.startsWith(`docker ${verb}`))) &&
    docker.every((command) => RETAGS.test(command)) &&
    !jobDoes(fileJob, 'image', 'test')
  );
};

export const retaggedImage: Rule = {
  id: 'retagged-image',
  title: 'An image is pulled and pushed only to get another tag',
  advice:
    'Let the registry copy it: `docker buildx imagetools create --tag NEW OLD`, or `crane tag`. No layer passes through the runner.',
  remains: [0.05, 0.3],
  find: (evidence) =>
    byGroup(evidence, (step) =>
      step.fileStep?.run != null &&
      isRetagged(step) &&
      runsAny(scriptOf(step), /^docker (?:pull|tag|push)\b/) &&
      isMostly(scriptOf(step), RETAGS)
        ? step.id
        : null,
    ).flatMap((steps) => findingOf(evidence, steps).map(byCostliest)),
};

export const databaseSetUpAgain: Rule = {
  id: 'database-set-up-again',
  title: 'Tests set up a database from scratch',
  advice:
    'Start the tests from a dump of the schema and its data, or from a database image that contains them, instead of all migrations.',
  remains: [0.2, 0.6],
  cause: 'twice',
  find: (evidence) => {
    // Migrations of a live database are a part of the deployment.
    const steps = evidence.path.steps.filter(
      (step) => does(step, 'database') && !does(step, 'deploy', 'test') && isTestJob(step, evidence),
    );
    const isLong = steps.some(({ medianSeconds }) => medianSeconds >= SLOW_DATABASE);
    const isRepeated = new Set(steps.map(({ id }) => id)).size > 1;
    return isLong || isRepeated ? findingOf(evidence, steps) : [];
  },
};

/** Setting a database up once takes less. Seconds. */
const SLOW_DATABASE = 100;

const isTestJob = ({ id, fileJob }: PathStep, { path }: Evidence): boolean =>
  fileJob?.environment === null && path.steps.some((other) => other.id === id && does(other, 'test'));
