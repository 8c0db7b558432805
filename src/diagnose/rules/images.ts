import { allSteps, type FileJob, type FileStep, filledIn } from '../../model/workflow-file.ts';
import type { PathStep } from '../critical-path.ts';
import { fileJobOf } from '../job-graph.ts';
import { commandsIn, kindsOf, loopIn, ownScriptOf, plain, runsAny, scriptIn } from './commands.ts';
import {
  byCostliest,
  does,
  type Evidence,
  findingOf,
  type Hit,
  hitOf,
  jobsDiff,
  jobYaml,
  LONG_STEP,
  namesImage,
  newestJobs,
  partsOf,
  type Rule,
  scriptOf,
  stepsOf,
  stepsWhere,
  usesAction,
} from './rule.ts';

/** Rules about images and their layers. */

const IMAGE =
  /^(?:docker (?:build|buildx build|compose (?:build|up\b.*--build))|podman build|buildah bu(?:il)?d|heroku container:push|kamal (?:build|deploy|redeploy|setup)|copilot (?:svc )?deploy|gcloud builds submit .*(?:-t|--tag)|az acr build|(?:\/kaniko\/)?executor)\b/;
const LAYERS = /--cache-from|cache-from|cache-to|BUILDKIT_INLINE_CACHE|--cache=true|--layers\b/;
/** Builders on other machines, which keep their layers. */
const REMOTE_BUILDER = /depot|blacksmith|nscloud|namespacelabs|setup-docker-builder/;

const COMPOSE = /^docker compose (?:build|up)\b/;
const BAKE =
  'Keep the layers between runs: build the images of the Compose file with `docker buildx bake`, or `docker/bake-action`, and set `cache-from` and `cache-to` for each target.';
const NO_BUILD = ' Then start them without `--build`.';

const KAMAL =
  'Keep the layers between runs: set `cache` of `builder` in config/deploy.yml, such as with `type: registry`.';
const OF_COMMAND =
  'Keep the layers between runs: set up `docker/setup-buildx-action`, sign in to the registry, and then build and push in one step with `docker buildx build --push --cache-from type=registry,ref=IMAGE:cache --cache-to type=registry,ref=IMAGE:cache,mode=max`.';
const ACR =
  'Build with `docker buildx build` and a cache in the registry: `--cache-from type=registry,ref=IMAGE:cache` and `--cache-to type=registry,ref=IMAGE:cache,mode=max`. `az acr build` keeps no layers.';
const NO_CACHE =
  'Remove `--no-cache` or `no-cache`: it throws away the layers that the machine or its cache still has. If the base image has to be the newest one, use `--pull`.';
const OF_SCAN =
  'Keep the layers between runs: set up `docker/setup-buildx-action`, sign in to the registry, and then build with `docker buildx build --load --cache-from type=registry,ref=IMAGE:cache --cache-to type=registry,ref=IMAGE:cache,mode=max`. Push after the scan, as now.';
const INLINE =
  'The image that `--cache-from` names was pushed without its cache, so none of its layers are used. Build with `docker buildx build` and set `cache-to`, or add `--build-arg BUILDKIT_INLINE_CACHE=1`.';

/** True if commands name an image as cache, but nothing writes a cache into it. Docker takes no layers from such an image. */
const hasEmptyCache = (step: Pick<PathStep, 'fileStep' | 'fileJob'>): boolean =>
  runsAny(scriptOf(step), /^docker (?:build|buildx build)\b.*--cache-from[ =](?!\S*type=)/) &&
  !/cache-to|INLINE_CACHE|DOCKER_BUILDKIT\W+0/.test(JSON.stringify([step.fileStep, step.fileJob]));

/** True if a step looks at an image after it was built, and before it is pushed. */
const isScannedFirst = ({ fileStep, fileJob }: PathStep): boolean => {
  const steps = fileJob?.steps ?? [];
  const after = steps.slice(fileStep ? steps.indexOf(fileStep) + 1 : steps.length);
  const push = after.findIndex((step) => does({ fileStep: step }, 'publish'));
  return (
    fileStep !== null &&
    !does({ fileStep }, 'publish') &&
    after
      .slice(0, Math.max(0, push))
      .some((step) => does({ fileStep: step }, 'check', 'test') || isScan(step))
  );
};
const isScan = ({ uses, run }: FileStep): boolean =>
  /scan|trivy|grype|scout|sbom/i.test(uses ?? '') ||
  /^\s*(?:docker run|trivy|grype|syft|docker scout)\b/m.test(run ?? '');

/** True if a step throws layers away that its machine or its cache still has. */
const ignoresLayers = (step: Pick<PathStep, 'fileStep' | 'fileJob'>): boolean => {
  if (!step.fileStep) return false;
  const builds =
    /^(?:docker (?:build|buildx build|compose build)|podman build|buildah bu(?:il)?d)\b.*--no-cache\b(?!=false)/;
  const isElsewhere = /ssh|remote/.test(step.fileStep.uses ?? '') || step.fileJob?.keepsDisk === true;
  return (
    (runsAny(scriptIn(step.fileStep), builds) && (isElsewhere || LAYERS.test(scriptIn(step.fileStep)))) ||
    allSteps([step.fileStep]).some(
      ({ uses, with: inputs }) =>
        BUILD_ACTION.test(uses ?? '') &&
        String(inputs['no-cache']) === 'true' &&
        inputs['cache-from'] != null,
    )
  );
};

/**
 * Languages that are compiled from all sources at once, so that a layer with the result is kept only if no file changed: how the
 * jobs of a pipeline show them, and what the Dockerfile has to do.
 */
const COMPILED: readonly [sign: RegExp, advice: string][] = [
  [
    /^(?:cargo|cross|rustup) |dtolnay\/rust-toolchain|rust-cache/m,
    'In the Dockerfile, compile the dependencies before it copies the sources, such as with `cargo-chef`. A change compiles everything otherwise.',
  ],
  [
    /^(?:go (?:build|test|vet|mod|generate)|gotestsum) |actions\/setup-go@|golangci/m,
    'In the Dockerfile, run `go mod download` before it copies the sources.',
  ],
];
const compiledIn = ({ path }: Evidence): (typeof COMPILED)[number] | undefined => {
  const steps = newestJobs(path).flatMap((job) => allSteps(fileJobOf(job)?.steps ?? []));
  const text = steps
    .map((step) => [step.uses, ...commandsIn(ownScriptOf(step)).map(plain)].join('\n'))
    .join('\n');
  return COMPILED.find(([sign]) => sign.test(text));
};

/** Commands and actions that build one image or several. */
export const IMAGE_BUILDS =
  /^(?:docker (?:build|buildx build)|podman build|buildah bu(?:il)?d|packer build|az acr build|docker\/build-push-action)/;
export const BUILD_ACTION = /^docker\/build-push-action@/;
const OF_TAG =
  'Keep the layers between runs in the registry: with Buildx, set `cache-from: type=registry,ref=IMAGE:cache` and `cache-to: type=registry,ref=IMAGE:cache,mode=max`. A run for a tag cannot read the GitHub cache of another tag.';
const OF_SEVERAL =
  'Keep the layers of each image between runs: after `docker/setup-buildx-action`, `docker buildx build` with `--cache-from type=registry,ref=IMAGE:cache` and `--cache-to type=registry,ref=IMAGE:cache,mode=max`, or `docker/build-push-action` and `type=gha` with a `scope` for each image. In one scope, the images overwrite each other.';

/** True if a job runs for tags or releases only. */
const isForTag = ({ job }: Pick<Hit, 'job'>, { path, report }: Evidence): boolean =>
  newestJobs(path).some((other) => other.job === job && other.chain[0]?.isForTags) ||
  (report.staged.length > 0 && report.staged.every(({ pipeline }) => pipeline?.run.event === 'release'));

/** The number of images that a step builds: in a loop, or command by command. */
const imagesIn = (step: FileStep, fileJob: FileJob): number => {
  if (BUILD_ACTION.test(step.uses ?? '')) return 1;
  const isImage = (command: string) => IMAGE_BUILDS.test(plain(command));
  const loop = loopIn(step, fileJob.env);
  const ofLoop = loop && commandsIn(loop.body).some(isImage) ? loop.items : 0;
  const commands = new Set(commandsIn(scriptIn(step)).filter(isImage));
  // A loop over what a command returns may build any number of images.
  const isInLoop =
    ofLoop === 0 && commands.size > 0 && /\bfor \w+ in\b[\s\S]*\bdo\b[\s\S]*\bbuild\b/.test(scriptIn(step));
  return Math.max(ofLoop, commands.size + (isInLoop ? 1 : 0));
};

/** The number of images that all jobs of a run build. */
const imagesOf = ({ path }: Evidence): number => {
  const all = newestJobs(path).flatMap((job) => fileJobOf(job) ?? []);
  // A workflow that is called twice builds one image.
  const distinct = new Map(all.map((fileJob) => [JSON.stringify(fileJob.steps), fileJob]));
  return [...distinct.values()]
    .flatMap((fileJob) => fileJob.steps.map((step) => imagesIn(step, fileJob)))
    .reduce((sum, count) => sum + count, 0);
};

/** The name under which an image keeps its layers, as the end of a cache option; empty if the file builds one image only. */
function scopeOf(step: FileStep, fileJob: FileJob, images: number): string {
  const { with: inputs, name, id } = step;
  const ofCommand = inputsOf(buildIn({ fileStep: step }), { fileStep: step, fileJob }) ?? [];
  const expressionsIn = (...texts: unknown[]) =>
    [...JSON.stringify(texts).matchAll(/\$\{\{ *(?:matrix|inputs)\.[\w.-]+ *\}\}/g)]
      .map(([expression]) => expression)
      .filter((expression) => !OF_RUN.test(expression));
  const varies =
    expressionsIn(
      inputs.context,
      inputs.file,
      inputs.target,
      // A list of platforms has commas, which a cache option cannot have.
      /matrix\./.test(String(inputs.platforms)) ? inputs.platforms : '',
      ofCommand.filter((line) => /^(?:context|file|target|platforms):/.test(line)),
    )[0] ??
    expressionsIn(inputs.tags, fileJob.steps).find((expression) =>
      /(?:name|image|service|app|component)\b/.test(expression),
    );
  const [file, folder = ''] = String(inputs.file ?? '')
    .split('/')
    .toReversed();
  const named = file?.replace(/^dockerfile\.?|\.?dockerfile$/i, '');
  const own = [
    inputs.target,
    named,
    folder,
    String(inputs.context ?? '')
      .split('/')
      .at(-1),
    name,
    id,
    fileJob.id,
  ]
    .map((text) =>
      String(text ?? '')
        .toLowerCase()
        .replace(/\b(?:docker|images?|build|push|and|the|of)\b/g, ' '),
    )
    .map((text) => text.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, ''))
    .find((text) => /[a-z]/.test(text) && text !== 'docker');
  const isAlone = allSteps(fileJob.steps).filter(({ uses }) => BUILD_ACTION.test(uses ?? '')).length < 2;
  const scope = [...(varies ? [varies] : []), ...(varies && isAlone ? [] : [own ?? fileJob.id])].join('-');
  return varies || images > 1 ? `,scope=${scope}` : '';
}
/** Expressions whose value is another one in each run or environment. */
const OF_RUN = /tag|version|\bref|sha\b|digest|environment|stage|release/i;

/** Adds a cache to each step that builds an image with the action, and a builder that can write it. */
const cacheDiff: Rule['diff'] = (hit, evidence) => {
  if (isForTag(hit, evidence) || hit.advice?.startsWith(OF_SECRET)) return null;
  const isList = ({ fileStep }: Hit) =>
    /\n./.test(`${fileStep?.with['cache-from']} ${fileStep?.with['cache-to']}`.trim());
  if (partsOf(hit).some(isList)) return null;
  const images = imagesOf(evidence);
  const scopes: string[] = [];
  const diff = jobsDiff(hit, (fileJob, parts) => {
    const steps = fileJob.steps.filter(
      (step) => BUILD_ACTION.test(step.uses ?? '') && parts.some(({ fileStep }) => fileStep === step),
    );
    const hasBuilder = fileJob.steps.some(({ uses }) => /setup-buildx|setup-docker/.test(uses ?? ''));
    const lines = steps.flatMap((step) => {
      const scope = scopeOf(step, fileJob, images);
      scopes.push(scope);
      return [
        ...(step.name
          ? [`       - name: ${step.name}`, `         uses: ${step.uses}`]
          : [`       - uses: ${step.uses}`]),
        `${Object.keys(step.with).length > 0 ? ' ' : '+'}        with:`,
        ...['cache-from', 'cache-to'].flatMap((input) =>
          step.with[input] === undefined ? [] : `-          ${input}: ${String(step.with[input]).trim()}`,
        ),
        `+          cache-from: type=gha${scope}`,
        `+          cache-to: type=gha,mode=max${scope}`,
      ];
    });
    const builder = hasBuilder ? [] : ['+      - uses: docker/setup-buildx-action@v4'];
    return lines.length > 0 ? [...builder, ...lines] : null;
  });
  return new Set(scopes).size < scopes.length ? null : diff;
};

/** The command of a step that builds an image. */
const buildIn = (step: Pick<Hit, 'fileStep'>): string =>
  commandsIn(scriptOf(step))
    .map(plain)
    .find((command) => IMAGE.test(command)) ?? '';

/** The options of `docker build` that the action has as inputs. */
const INPUTS: readonly [option: RegExp, input: string][] = [
  [/^(?:-f|--file)$/, 'file'],
  [/^(?:-t|--tag)$/, 'tags'],
  [/^--target$/, 'target'],
  [/^--platform$/, 'platforms'],
  [/^--build-arg$/, 'build-args'],
  [/^--label$/, 'labels'],
];

/** The inputs of `docker/build-push-action` for a `docker build`; `null` if an input cannot say what an option does. */
function inputsOf(command: string, hit: Pick<Hit, 'fileStep' | 'fileJob'>): string[] | null {
  const { fileStep, fileJob } = hit;
  // An action would not set what the script does.
  if (/GITHUB_(?:OUTPUT|ENV)/.test(fileStep?.run ?? '')) return null;
  const [, ...words] =
    command.replace(/^docker (?:buildx )?build/, 'build').match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? [];
  const given = new Map<string, string[]>();
  let context: string | undefined;
  while (words.length > 0) {
    const [option = '', ...assigned] = (words.shift() ?? '').split(/=(.*)/s);
    const [, input] = INPUTS.find(([pattern]) => pattern.test(option)) ?? [];
    if (!option.startsWith('-')) context = [option, ...assigned].join('=').replace(/=$/, '');
    else if (input) given.set(input, [...(given.get(input) ?? []), assigned[0] ?? words.shift() ?? '']);
    else if (!/^--(?:push|load|pull|progress|rm|cache-from|cache-to|no-cache)$/.test(option)) return null;
    else if (/^--(?:cache-from|cache-to|progress)$/.test(option) && assigned.length === 0) words.shift();
  }
  const folder = fileStep?.directory ?? fileJob?.directory ?? '';
  const below = (path: string) =>
    [folder, path]
      .filter((part) => !/^(?:|\.)$/.test(part))
      .join('/')
      .replace(/(?:^|\/)\.\//g, '') || '.';
  const file = given.get('file')?.[0];
  const lines: [string, string[]][] = [
    ['context', [below(context ?? '.')]],
    ...(file ? [['file', [below(file)]] as [string, string[]]] : []),
    ...[...given].filter(([input]) => input !== 'file'),
  ];
  const texts = lines.map(([input, values]) => {
    const filled = values.map((value) => asExpression(value.replace(/^(['"])(.*)\1$/s, '$2'), hit));
    if (filled.some((value) => value === null)) return null;
    return filled.length === 1
      ? [`${input}: ${filled[0]}`]
      : [`${input}: |`, ...filled.map((value) => `  ${value}`)];
  });
  if (texts.some((text) => text === null)) return null;
  // A tag that the script adds needs the image on the runner.
  const pushes =
    / --push\b/.test(command) ||
    (runsAny(scriptOf(hit), /^docker push\b/) && !runsAny(scriptOf(hit), /^docker tag\b/));
  return [...texts.flatMap((text) => text ?? []), pushes ? 'push: true' : 'load: true'];
}

/** A word of a shell with expressions instead of variables; `null` if it uses what only the shell knows. */
function asExpression(word: string, { fileStep, fileJob }: Pick<Hit, 'fileStep' | 'fileJob'>): string | null {
  const text = word.replace(/\$(?!\{\{)\{?(\w+)\}?/g, (variable, name: string) => {
    if (/^GITHUB_(?:SHA|REF_NAME|REPOSITORY|RUN_NUMBER|ACTOR|REPOSITORY_OWNER)$/.test(name))
      return `$\{{ github.${name.replace('GITHUB_', '').toLowerCase()} }}`;
    const own = fileStep?.env?.[name];
    if (own !== undefined) return String(own);
    return fileJob?.env?.[name] === undefined ? variable : `$\{{ env.${name} }}`;
  });
  const isShell = /[$`](?!\{\{)|["']/.test(text.replace(/\$\{\{.*?\}\}/g, ''));
  return isShell ? null : text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, inside) => `$\{{ ${inside} }}`);
}

const LAYERS_ADVICE = 'Keep the layers between runs: set `cache-from` and `cache-to`.';

export const imageWithoutLayerCache: Rule = {
  id: 'image-without-layer-cache',
  title: 'Every image layer is built again',
  advice: `${LAYERS_ADVICE} They are used up to the first file that changed, so the Dockerfile should install packages before it copies the sources.`,
  yaml: (match, evidence) => {
    const { fileStep, fileJob, advice = '' } = match;
    const isOther =
      runsAny(scriptOf(match), IMAGE) && !runsAny(scriptOf(match), /^docker (?:build|buildx build)/);
    const isText = [OF_SEVERAL, OF_TAG, OF_ONE_SCOPE, OF_COMMAND, OF_SECRET, OF_SCAN, NO_CACHE].some((text) =>
      advice.startsWith(text),
    );
    const commands = commandsIn(scriptOf(match))
      .map(plain)
      .filter((command) => IMAGE.test(command));
    const inputs = commands.length === 1 ? inputsOf(commands[0] ?? '', match) : [];
    // Each of several steps needs its own, and one in an action of the repository has to change there.
    const hasSeveral = (match.parts ?? []).length > 1 || fileStep?.steps !== undefined;
    if (isOther || isText || hasSeveral || inputs === null || !fileStep || !fileJob) return null;
    const images = imagesOf(evidence);
    const scope = scopeOf(fileStep, fileJob, images);
    return jobYaml(match, [
      '- uses: docker/setup-buildx-action@v4',
      '- uses: docker/build-push-action@v7',
      '  with:',
      ...inputs.map((input) => `    ${input}`),
      `    cache-from: type=gha${scope}`,
      `    cache-to: type=gha,mode=max${scope}`,
    ]);
  },
  diff: cacheDiff,
  remains: [0.3, 0.7],
  find: (evidence) => {
    const overwritten = inOneScope(evidence).size > 1;
    const isOverwritten = ({ fileStep }: PathStep) =>
      overwritten && fileStep !== null && allSteps([fileStep]).some(hasNoScope);
    const isUnread = (step: PathStep) =>
      isForTag(step, evidence) &&
      /type=gha/.test(JSON.stringify(step.fileStep?.with ?? {})) &&
      !/type=(?:registry|inline)/.test(JSON.stringify(step.fileStep?.with ?? {}));
    // A shorter one only packs what was built before, such as a JAR.
    const isPacked = (step: PathStep) => step.medianSeconds < (isAfterJar(step) ? LONG_AFTER_JAR : LONG_STEP);
    const steps = evidence.path.steps.filter(
      (step) =>
        !ignoresLayers(step) &&
        !step.fileJob?.keepsDisk &&
        !(runsAny(scriptOf(step), /^copilot\b/) && namesImage(step)) &&
        !(runsAny(scriptOf(step), /^kamal\b/) && mayUseGitHubCache(step)) &&
        !isPacked(step) &&
        !isOfOutput(step) &&
        !gainsNothing(step, evidence) &&
        !allSteps(step.fileJob?.steps ?? []).some(
          ({ uses, with: inputs }) =>
            REMOTE_BUILDER.test(uses ?? '') ||
            /docker-layer-caching/.test(uses ?? '') ||
            (/setup-buildx/.test(uses ?? '') &&
              (inputs.endpoint || /remote|cloud/.test(String(inputs.driver)))),
        ) &&
        ((runsAny(scriptOf(step), IMAGE) && (!LAYERS.test(scriptOf(step)) || hasEmptyCache(step))) ||
          // The file of Bake may have a cache that the workflow does not show.
          (usesAction(step, /^(?:docker\/build-push-action|redhat-actions\/buildah-build|\S*kaniko\S*)@/) &&
            (!cachesLayers(step) || isOverwritten(step) || isUnread(step)))),
    );
    const ignored = evidence.path.steps.filter((step) => ignoresLayers(step) && !isPacked(step));
    // Each way to build needs another change.
    const isCompose = (step: PathStep) => runsAny(scriptOf(step), COMPOSE);
    const isAction = (step: PathStep) => !runsAny(scriptOf(step), IMAGE);
    const ways = [
      steps.filter(isCompose),
      steps.filter(isAction),
      steps.filter((step) => !isCompose(step) && !isAction(step)),
    ];
    const thrownAway = ignored.map(
      (step): Hit => ({
        ...hitOf(step, evidence),
        advice: NO_CACHE,
        ...(does(step, 'deploy', 'test') ? { remains: [0.4, 0.7] } : {}),
      }),
    );
    const again = ways.flatMap((own) =>
      findingOf(evidence, own).map((hit): Hit => {
        // A part of the time is the rollout, or tests.
        const isPart = own.some((step) => does(step, 'deploy', 'test'));
        const ofKamal = own.some((step) => runsAny(scriptOf(step), /^kamal\b/));
        const runs = (pattern: RegExp) => own.some((step) => runsAny(scriptOf(step), pattern));
        const hasSeveral = ({ fileStep, fileJob }: PathStep) =>
          fileStep !== null && fileJob !== null && imagesIn(fileStep, fileJob) > 1;
        const isOfScript = (step: PathStep) =>
          !isAction(step) && inputsOf(buildIn(step), hitOf(step, evidence)) === null;
        const texts: [boolean, string][] = [
          [ofKamal, KAMAL],
          [own.some(isCompose), `${BAKE}${runs(/\bup\b.*--build\b/) ? NO_BUILD : ''}`],
          [runs(/^az acr build\b/), ACR],
          [own.some(hasEmptyCache), INLINE],
          [own.some(mayHoldSecret), OF_SECRET],
          [own.some((step) => isForTag(step, evidence)), OF_TAG],
          [own.every(isOverwritten), OF_ONE_SCOPE],
          [own.some(hasSeveral), OF_SEVERAL],
          [own.some(isScannedFirst), OF_SCAN],
          [own.some(isOfScript), OF_COMMAND],
        ];
        const advice = texts.find(([counts]) => counts)?.[1];
        const [, inDockerfile] = compiledIn(evidence) ?? [];
        return {
          ...byCostliest(hit),
          // A cache has to be fetched and kept, too.
          atStakeSeconds: Math.max(0, hit.medianSeconds - own.length * CACHE_SECONDS),
          ...(isPart ? { remains: [0.5, 0.8] } : {}),
          ...(advice || inDockerfile
            ? { advice: [advice ?? LAYERS_ADVICE, inDockerfile ?? ''].join(' ').trim() }
            : {}),
          ...(ofKamal ? { doubt: 'config/deploy.yml may name a cache.' } : {}),
        };
      }),
    );
    return [...thrownAway, ...again];
  },
};

/**
 * True if a job builds several images from one Dockerfile, and the later ones take as long as the first. They had its layers, so
 * layers of an earlier run would help them as little.
 */
function gainsNothing(step: PathStep, evidence: Evidence): boolean {
  const source = sourceOf(step);
  const builds = stepsOf(step, evidence.path).filter(
    (other) => sourceOf(other) === source && other.medianSeconds >= LONG_STEP,
  );
  const [first, ...later] = builds.map(({ medianSeconds }) => medianSeconds);
  return source !== null && later.some((seconds) => seconds >= 0.8 * (first ?? 0)) && builds.includes(step);
}
/** The folder and the Dockerfile of the only image that a step builds by a command; `null` if the step builds none or several. */
function sourceOf({ fileStep }: PathStep): string | null {
  const builds = commandsIn(fileStep?.run ?? '').filter((command) =>
    /^docker (?:build|buildx build)\b/.test(plain(command)),
  );
  const [build] = builds;
  if (!build || builds.length > 1 || / --target\b/.test(build)) return null;
  return [/ (?:-f|--file)[ =](\S+)/.exec(build)?.[1], build.trim().split(' ').at(-1)].join();
}

/** True if an action lets the commands of a job use GitHub's cache, which Kamal does if its configuration says so. */
const mayUseGitHubCache = ({ fileJob }: PathStep): boolean =>
  fileJob?.steps.some(({ uses }) => /ghaction-github-runtime/.test(uses ?? '')) ?? false;

/** True if Maven or Gradle builds in the job of a step before it. */
const isAfterJar = ({ fileStep, fileJob }: PathStep): boolean =>
  (fileJob?.steps ?? [])
    .slice(0, fileStep ? fileJob?.steps.indexOf(fileStep) : 0)
    .some((before) => runsAny(scriptOf({ fileStep: before }), JAR));
const JAR =
  /^(?:(?:\.\/)?mvnw?|(?:\.\/)?gradlew?) .*(?:package|install|verify|build|bootJar|assemble|jar)\b/i;
/** An image of a JAR that was built before takes about this long to pack and push. Seconds. */
const LONG_AFTER_JAR = 60;

/** True if a step before an image writes a secret into a file of the repository, so that a layer may hold it. */
const mayHoldSecret = ({ fileStep, fileJob }: PathStep): boolean =>
  (fileJob?.steps ?? []).slice(0, fileStep ? fileJob?.steps.indexOf(fileStep) : 0).some(({ run, env }) => {
    const secrets = Object.entries({ ...fileJob?.env, ...env }).flatMap(([name, value]) =>
      /secrets\./.test(String(value)) ? name : [],
    );
    const hasSecret = (text: string) =>
      /\$\{\{[^}]*secrets\./.test(text) ||
      [...text.matchAll(/\$\{?(\w+)/g)].some(([, name = '']) => secrets.includes(name));
    // What a document in the script contains stands in other lines.
    const texts = /<</.test(run ?? '') ? [run ?? ''] : (run ?? '').split('\n');
    return texts.some((text) => WRITES_FILE.test(text) && hasSecret(text));
  });
/** A file outside of the folders and variables of the runner itself. */
const WRITES_FILE = /(?:>|\btee\b(?: -a)?) *"?(?!\S*(?:GITHUB_|\/dev\/|~|\$\{?HOME|\/tmp))[\w.$/]/;
const OF_SECRET =
  'Keep the layers between runs in the registry of the image: with Buildx, set `cache-from: type=registry,ref=IMAGE:cache` and `cache-to: type=registry,ref=IMAGE:cache,mode=max`. An earlier step writes a secret into a file, so a layer may hold it, and pull requests can read the GitHub cache.';

/** The images of a run that write GitHub's cache without a name of their own, by their context, file and platforms. The last one stays. */
const inOneScope = ({ path }: Evidence): Set<string> =>
  new Set(
    newestJobs(path).flatMap((job) =>
      allSteps(fileJobOf(job)?.steps ?? [])
        .filter(hasNoScope)
        .map(({ with: { context = '.', file, platforms } }) =>
          filledIn(JSON.stringify([context, file, platforms]), job.values),
        ),
    ),
  );
const hasNoScope = ({ uses, with: inputs }: FileStep): boolean =>
  BUILD_ACTION.test(uses ?? '') &&
  String(inputs['cache-to'] ?? '')
    .split('\n')
    .some((line) => /type=gha/.test(line) && !/scope=/.test(line));
const OF_ONE_SCOPE =
  'Give each image a `scope` of its own in `cache-from` and `cache-to`. The images now write one cache, so each run finds only the layers of the one that was built last.';

/** Seconds to fetch and to keep the layers of an image. */
const CACHE_SECONDS = 15;

/** Layers are cached with the input `cache-from`, or with a line of another input, such as `set` of bake. */
const cachesLayers = ({ fileStep }: PathStep): boolean =>
  fileStep !== null &&
  allSteps([fileStep]).some(
    ({ with: inputs }) =>
      inputs['cache-from'] !== undefined ||
      (inputs.layers !== undefined && inputs['extra-args'] !== undefined) ||
      (inputs.cache !== undefined && String(inputs.cache) !== 'false') ||
      Object.values(inputs).some((input) => LAYERS.test(String(input))),
  );

/** True if an image is made of a folder that an earlier step writes. Its layers are new for each commit. */
const isOfOutput = ({ fileStep, fileJob }: Pick<Hit, 'fileStep' | 'fileJob'>): boolean => {
  const joined = (text: string) => text.replace(/\$\{\{.*?\}\}/g, (inside) => inside.replace(/\s+/g, ''));
  const context = joined(String(fileStep?.with.context ?? '.')).replace(/^\.\/|\/$/g, '');
  const before = (fileJob?.steps ?? []).slice(0, fileStep ? (fileJob?.steps.indexOf(fileStep) ?? 0) : 0);
  const writes = ({ run }: FileStep) => {
    const words = joined(run ?? '')
      .replace(/=/g, ' ')
      .split(/\s+/);
    return words.some(
      (word, i) => word.replace(/^["'./]+/, '').startsWith(context) && OUTPUT.test(words[i - 1] ?? ''),
    );
  };
  return /\w/.test(context) && before.some((other) => kindsOf(other).has('build') && writes(other));
};
/** Options that name the folder which a build writes. */
const OUTPUT = /^--?(?:o$|out|dest|dist|target|publish-dir)/;

/** True if a step builds an image, or wheels, for another processor than that of its runner. */
const isEmulated = (step: PathStep): boolean => {
  const jobText = JSON.stringify(step.fileJob ?? {});
  if (!allSteps(step.fileJob?.steps ?? []).some(({ uses }) => /setup-qemu/.test(uses ?? ''))) return false;
  const isForArm = /(?:platforms?["=: ]+[^"]*|--platform[= ])[^"]*arm/.test(JSON.stringify(step.fileStep));
  return (does(step, 'image') && isForArm) || (isWheels(step) && /aarch64|arm64|ppc64le|s390x/.test(jobText));
};
const isWheels = (step: PathStep): boolean => usesAction(step, /^pypa\/cibuildwheel@/);

export const emulatedPlatform: Rule = {
  id: 'emulated-platform',
  title: 'A build runs on an emulated processor',
  advice:
    'Build the image for ARM on an ARM runner such as `ubuntu-24.04-arm`, in parallel. Or cross-compile it, or leave it out of the deployment.',
  remains: [0.2, 0.5],
  cause: 'processor',
  find: (evidence) =>
    stepsWhere(isEmulated)(evidence).map((hit) =>
      usesAction(hit, /^pypa\/cibuildwheel@/)
        ? { ...hit, advice: WHEELS, remains: [0.3, 0.6] }
        : isOfOutput(hit)
          ? { ...hit, remains: [0.5, 0.8], doubt: 'The image may only copy what was built before.' }
          : hit,
    ),
};
const WHEELS =
  'Build the wheels for ARM on an ARM runner such as `ubuntu-24.04-arm`. Split what stays emulated over more jobs, such as one for each version of Python.';

export const machineImageInPath: Rule = {
  id: 'machine-image-in-path',
  title: 'A whole machine image is built for every change',
  advice:
    'Build a base image with everything but the application in a workflow of its own. Add only the application to it, or install it when a machine starts.',
  remains: [0.25, 0.6],
  find: (evidence) =>
    findingOf(
      evidence,
      evidence.path.steps.filter((step) => does(step, 'machine-image')),
    ),
};
