import { allSteps } from '../../model/workflow-file.ts';
import type { PathStep } from '../critical-path.ts';
import { fileJobOf, type GraphJob, keyOf } from '../job-graph.ts';
import {
  commandsIn,
  isMostly,
  kindsOf,
  kindsOfCommand,
  loopIn,
  plain,
  runsAny,
  scriptIn,
} from './commands.ts';
import { BUILD_ACTION, IMAGE_BUILDS } from './images.ts';
import {
  byGroup,
  deploymentsIn,
  does,
  type Evidence,
  findingOf,
  type Hit,
  hitOf,
  jobDoes,
  LONG_STEP,
  newest,
  parallelSaving,
  type Rule,
  scriptOf,
  secondsOf,
  stepsOf,
  takesOutput,
} from './rule.ts';
import { inFolder, INSTALL } from './setting-up.ts';

/** Rules about builds and rollouts that take turns. */

/** The same tool, by its action or the first words of its command. */
const toolOf = (step: PathStep, pattern: RegExp): string | null => {
  const uses = step.fileStep?.uses?.replace(/@.*/, '') ?? '';
  const [tool] = [uses, ...commandsIn(scriptOf(step))].flatMap((text) => pattern.exec(text)?.[0] ?? []);
  // Any action that builds images.
  return tool ?? (pattern === IMAGE_BUILDS && uses && does(step, 'image') ? uses : null);
};

/** The names of the images that a step builds. */
const tagsOf = ({ fileStep }: PathStep): string[] =>
  [
    ...String(fileStep?.with.tags ?? '').split(/[\n,]+/),
    ...[...(fileStep?.run ?? '').matchAll(/ (?:-t|--tag)[ =]((?:\$\{\{.*?\}\}|\S)+)/g)].map(
      ([, tag = '']) => tag,
    ),
  ]
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

/**
 * Steps of one job that do the same to different things, one after the other, and take nothing from one another: the later
 * ones, with what running them in parallel would save.
 */
function inSequence(
  evidence: Evidence,
  pattern: RegExp,
  counts: (step: PathStep) => boolean,
  least = LONG_STEP,
): Hit[] {
  const groups = byGroup(evidence, (step) => {
    const tool = counts(step) && step.medianSeconds >= least ? toolOf(step, pattern) : null;
    return tool === null ? null : `${step.id}\n${tool}`;
  });
  return groups.flatMap((own) => {
    const work = ({ fileStep }: PathStep) => [fileStep?.with, fileStep?.run, fileStep?.env];
    const text = (step: PathStep) => JSON.stringify(work(step));
    const takes = takesOutput(own.map(work), own);
    // An image may be made from one that is called the base, or from the layers of another one.
    const isBase = own.some(
      (step, i) =>
        /\bbase\b/i.test(text(step)) ||
        own.slice(0, i).some((other) => tagsOf(other).some((tag) => text(step).includes(tag))),
    );
    if (own.length < 2 || takes || isBase || new Set(own.map(text)).size < own.length) return [];
    return findingOf(evidence, own.slice(1), { atStakeSeconds: parallelSaving(own) });
  });
}

/** Steps whose script does the same for several things, one after the other: in a loop, or command by command. */
const inOneScript = (evidence: Evidence, steps: readonly PathStep[], ...patterns: RegExp[]): Hit[] => {
  const matches = (command: string) => patterns.some((pattern) => pattern.test(plain(command)));
  return steps.flatMap((step): Hit[] => {
    if (!step.fileStep || step.medianSeconds < LONG_STEP) return [];
    const loop = loopIn(step.fileStep, step.fileJob?.env);
    const body = loop && commandsIn(loop.body);
    const commands = commandsIn(scriptIn(step.fileStep)).filter(matches);
    const isInLoop = body?.some(matches);
    // A command in another folder is another one.
    const things =
      step.fileStep.run?.match(/\bcd [^-\s]/g) && commands.length > 1 ? commands : [...new Set(commands)];
    const tools = things.map(
      (command) => patterns.flatMap((pattern) => pattern.exec(plain(command))?.[0] ?? [])[0],
    );
    const most = Math.max(0, ...tools.map((tool) => tools.filter((other) => other === tool).length));
    const items = isInLoop && loop ? loop.items : most;
    const targets = things.flatMap((command) => dockerfileOf(command) ?? []);
    if (new Set(targets).size < targets.length) return [];
    if (commands.some((command) => /&$/.test(command))) return [];
    // What the others are made from comes first.
    const based = isInLoop
      ? 0
      : things.findLastIndex((command) => /\bbase\b/i.test(withoutArguments(command))) + 1;
    if (items - based < 2) return [];
    return [
      {
        ...hitOf(step, evidence),
        atStakeSeconds: step.medianSeconds * ((items - based - 1) / items),
        ...(based > 0 ? { advice: BASE_FIRST } : {}),
      },
    ];
  });
};

/** A command without its build arguments, which may name a base. */
const withoutArguments = (command: string): string => command.replace(/ --build-arg[ =]\S+/g, '');

const BASE_FIRST = 'Build the image that the others start from first, and then the others in parallel.';

/** The Dockerfile of a command that builds one of its targets. Targets share their layers. */
const dockerfileOf = (command: string): string | null =>
  / --target\b/.test(command)
    ? [/ (?:-f|--file)[ =](\S+)/.exec(command)?.[1], command.trim().split(' ').at(-1)].join()
    : null;

/** Builds that could run in parallel, or as one, if a script has several. */
const BUILDS =
  /^(?:(?:\.\/)?gradlew?(?=\s)|(?:\.\/)?mvnw?(?=\s)|dotnet publish|cargo build|go build|flutter build|electron-builder|(?:npm|yarn|pnpm|bun)(?=\s.*build)|(?:sls|serverless) package|xcodebuild)/;
/** One target of several, such as a site in one language. */
const TARGETS =
  /^(?:(?:make|just|task) (?:-\S+ )*\w+(?=[-_:.]\w)|(?:npm|yarn|pnpm|bun)(?: run)? build(?=[-_:.]\w)|sphinx-build(?=\s))/;
export const LONG_BUILDS = 120;

/** Several builds of one tool in one script. */
const buildsInOneScript = (evidence: Evidence): Hit[] =>
  evidence.path.steps.flatMap((step): Hit[] => {
    // Commands in the background run in parallel.
    if (
      step.medianSeconds < LONG_BUILDS ||
      does(step, 'deploy', 'image') ||
      /(?<!&)&\s*$/m.test(scriptOf(step))
    )
      return [];
    const builds = commandsIn(scriptOf(step)).filter((command) => {
      const kinds = kindsOfCommand(plain(command));
      return BUILDS.test(plain(command)) && kinds.includes('build') && !kinds.includes('check');
    });
    const tools = new Set(builds.map((command) => BUILDS.exec(plain(command))?.[0]));
    const folders = new Set(scriptOf(step).match(/\bcd [^-\s]\S*/g)).size;
    const count = Math.max(new Set(builds).size, folders > 1 ? Math.min(folders, builds.length) : 0);
    const isShared = /^(?:\.\/)?(?:gradle|mvn)/.test(builds[0] ?? '');
    if (count < (isShared ? 3 : 2) || tools.size > 1) return [];
    return [
      {
        ...hitOf(step, evidence),
        atStakeSeconds: step.medianSeconds * (1 - 1 / count),
        remains: isShared ? [0.35, 0.7] : [0, 0.4],
        doubt: 'A later build may take what an earlier one makes.',
      },
    ];
  });

/** Nothing shows how long each image of a script takes. */
const OF_SCRIPT: [number, number] = [0.2, 0.55];

/** Steps of several folders count from here on, if together they save enough. Seconds. */
const SHORT_STEP = 20;
export const WORTH_SPLITTING = 45;

/** Images of one folder that are built after builds and images of other folders, in one job. */
const imageOfAnotherFolder = (evidence: Evidence): Hit[] =>
  evidence.path.jobs.flatMap((job): Hit[] => {
    const steps = stepsOf(job, evidence.path).filter(
      (step) => does(step, 'image', 'build') && !does(step, 'test', 'deploy', 'infrastructure'),
    );
    const folderOf = ({ fileStep }: PathStep) =>
      BUILD_ACTION.test(fileStep?.uses ?? '')
        ? String(fileStep?.with.context ?? '').replace(/^\.\/|\/$/g, '')
        : '';
    const [image] = steps
      .filter((step) => /^[\w-]+(?:\/[\w-]+)*$/.test(folderOf(step)))
      .toSorted((a, b) => b.medianSeconds - a.medianSeconds);
    if (!image) return [];
    const folder = folderOf(image);
    // A build of the whole repository may make something in the folder.
    const isElsewhere = (step: PathStep) => {
      const text = JSON.stringify([step.fileStep?.with, step.fileStep?.run, inFolder(step, '')]);
      const hasFolder =
        folderOf(step) !== '' || inFolder(step, '') !== '' || /[ ,=][\w-]+\/[\w/-]+/.test(scriptOf(step));
      return hasFolder && !` ${text.replace(/[^\w-]+/g, ' ')} `.includes(` ${folder.replace(/\W+/g, ' ')} `);
    };
    const others = steps.filter((step) => step !== image);
    const takes = takesOutput(image.fileStep, others);
    const saved = Math.min(image.medianSeconds, secondsOf(others));
    // Images alone are a sequence of their own.
    const areImages = others.every((step) => does(step, 'image'));
    if (takes || areImages || !others.every(isElsewhere) || saved < WORTH_SPLITTING) return [];
    return [{ ...hitOf(image, evidence), atStakeSeconds: saved, advice: IN_A_JOB }];
  });
const IN_A_JOB =
  'Build this image in a job of its own, at the same time: it takes nothing from the other builds of its job. Let the deployment need both.';

const INSTALLS_BROWSER = /playwright|cypress|puppeteer|install/;

/** Builds of several folders, one after the other in one job. The longest folder decides if each has a job of its own. */
function inSeveralFolders(evidence: Evidence): Hit[] {
  const folderOf = (step: PathStep) => inFolder(step, '');
  const jobs = byGroup(evidence, (step) => {
    const isUnknown =
      step.fileStep?.run != null &&
      !isMostly(scriptOf(step), INSTALL) &&
      kindsOf(step.fileStep).size === 0 &&
      (step.fileStep.directory ?? step.fileJob?.directory ?? '') !== '';
    const counts =
      (does(step, 'build') || (isUnknown && !INSTALLS_BROWSER.test(scriptOf(step)))) &&
      !does(step, 'test', 'deploy', 'infrastructure', 'image');
    return counts && step.medianSeconds >= SHORT_STEP ? step.id : null;
  });
  return jobs.flatMap((steps) => {
    const folders = [...new Set(steps.map(folderOf))].map((folder) =>
      steps.filter((step) => folderOf(step) === folder),
    );
    const saved = parallelSaving(folders.map((own) => ({ medianSeconds: secondsOf(own) })));
    // A step that names another folder takes what is made there.
    const takes = steps.some((step) =>
      steps.some((other) => {
        const name = folderOf(other)
          .split('/')
          .filter((part) => /\w/.test(part))
          .at(-1);
        return (
          folderOf(other) !== folderOf(step) && name !== undefined && scriptOf(step).includes(`${name}/`)
        );
      }),
    );
    // A build of the whole repository may make what the folders need.
    const isOfAll = steps.some((step) => folderOf(step) === '');
    // Without a build, these are tests of one build.
    if (
      takes ||
      isOfAll ||
      folders.length < 2 ||
      saved < WORTH_SPLITTING ||
      !steps.some((step) => does(step, 'build'))
    )
      return [];
    return findingOf(evidence, steps, {
      atStakeSeconds: saved,
      doubt: 'A later build may take the result of an earlier one.',
    });
  });
}

export const builtInSequence: Rule = {
  id: 'built-in-sequence',
  title: 'Things that could be built in parallel are built one after the other',
  advice:
    'Build them in parallel: a job for each with a matrix, one `docker buildx bake` for all images, or all tasks in one command of the tool. Let the deployment wait for all of them.',
  remains: [0, 0.3],
  cause: 'order',
  find: (evidence) => [
    ...inOneScript(evidence, evidence.path.steps, IMAGE_BUILDS).map(
      (hit): Hit => ({ ...hit, remains: OF_SCRIPT }),
    ),
    ...buildsInOneScript(evidence),
    ...packedInSequence(evidence),
    ...inSequence(evidence, IMAGE_BUILDS, (step) => !step.fileJob?.keepsDisk, SHORT_STEP),
    ...inSequence(
      evidence,
      TARGETS,
      (step) =>
        does(step, 'build') &&
        isMostly(scriptOf(step), TARGETS) &&
        !does(step, 'test', 'deploy', 'image', 'infrastructure', 'publish'),
    )
      .filter(({ parts = [] }) => parts.length >= 2)
      .map((hit) => ({ ...hit, doubt: 'A later build may take what an earlier one makes.' })),
    ...inSeveralFolders(evidence),
    ...imageOfAnotherFolder(evidence),
  ],
};

/** Folders that are packed one after the other, in steps of one job. */
const packedInSequence = (evidence: Evidence): Hit[] =>
  byGroup(evidence, (step) =>
    runsAny(scriptOf(step), /^(?:tar|zip|7z) /) &&
    step.fileStep?.steps === undefined &&
    !does(step, 'build', 'deploy', 'test')
      ? step.id
      : null,
  ).flatMap((steps) => {
    const saved = parallelSaving(steps);
    if (steps.length < 3 || saved < LONG_STEP) return [];
    return findingOf(evidence, steps, {
      atStakeSeconds: saved,
    });
  });

const ROLLOUTS =
  /^(?:helm upgrade|aws ecs deploy|cf push|gcloud (?:run|functions|app) deploy|serverless deploy|sls deploy|sam deploy|fly(?:ctl)? deploy|wrangler deploy|vercel (?:deploy|--prod)|netlify deploy|firebase deploy|az (?:webapp|functionapp|containerapp) (?:deploy\b|up\b|update\b|deployment source config-zip)|func azure functionapp publish|eb deploy|copilot (?:svc )?deploy|kamal (?:deploy|redeploy)|railway up|heroku container:release|gcloud run services update|cdk deploy|aws-actions\/amazon-ecs-deploy\S*|azure\/(?:functions-action|webapps-deploy|container-apps)\S*|google-github-actions\/deploy\S*|\S*\/\S*(?:vercel|netlify|wrangler)\S*)/i;
/** Names of jobs that roll out by region or in steps, or prepare what the next one needs. */
const IN_TURN =
  /(?:^|[^a-z])(?:us|eu|uk|ap|emea|apac|asia|europe|united|america|east|west|north|south|central|regions?|canary|blue|green|primary|secondary|infra\w*|databases?|db|migrat\w*|schema|dns|cdn|base|core|shared|networks?|\d+)(?:[^a-z]|$)/i;

/** Jobs that roll out to one environment, each after another one from which it takes nothing. */
const rolloutJobs = (evidence: Evidence): Hit[] => {
  const { jobs } = newest(evidence.path);
  const rollsOut = (graphJob: GraphJob) => {
    const job = fileJobOf(graphJob);
    return jobDoes(job, 'deploy') && !jobDoes(job, 'database', 'infrastructure', 'test') && !job?.matrix;
  };
  const nameOf = ({ job, chain }: GraphJob) =>
    [job, ...chain.map(({ id }) => id)].join(' ').replace(/_/g, ' ');
  const placeOf = ({ chain }: GraphJob) => chain.at(-1)?.environment ?? chain.at(-1)?.calls;
  return [...jobs.values()].flatMap((job): Hit[] => {
    const shown = evidence.path.jobs.find((other) => keyOf(other) === keyOf(job));
    const [before] = job.needs.flatMap((key) => jobs.get(key) ?? []).filter(rollsOut);
    const place = placeOf(job);
    if (!shown || !before || !place || !rollsOut(job) || placeOf(before) !== place) return [];
    const takes = job.chain.some((one) =>
      one.takes.some((id) => id === '*' || before.chain.some((other) => other.id === id)),
    );
    if (takes || [job, before].some((one) => IN_TURN.test(nameOf(one)))) return [];
    return [
      {
        ...shown,
        where: shown.job,
        slackSeconds: null,
        doubt: NEEDS_BEFORE,
        atStakeSeconds: Math.min(job.seconds, before.seconds),
      },
    ];
  });
};

const NEEDS_BEFORE = 'A service may need the one before it.';

/** In a loop, each rollout is waited for before the next one starts. */
const WAITS_FOR_ROLLOUT = /^(?:kubectl (?:rollout status|wait)|aws ecs wait)\b/;
/** Commands that start a rollout. If none is in a loop, the rollouts started before it and run at the same time. */
const STARTS =
  /^(?:kubectl (?:set|apply|patch|replace|rollout restart|scale)|helm |aws (?:ecs (?:update-service|deploy)|deploy)|cf |gcloud |az |serverless |sls |sam |fly|wrangler|vercel|netlify|firebase|docker |kustomize |aws-actions\/amazon-ecs-deploy)/;
const startsInLoop = ({ fileStep, fileJob }: PathStep): boolean => {
  const loop = fileStep && loopIn(fileStep, fileJob?.env);
  return loop !== null && commandsIn(loop.body).some((command) => STARTS.test(plain(command)));
};
const TO_MACHINES = /^(?:ssh|scp|rsync)(?=\s)/;

/** Steps of one job that each wait for a rollout that was started after the wait before: all but the first, or one with several. */
const waitedInTurn = (evidence: Evidence, deploying: readonly PathStep[]): Hit[] =>
  byGroup(evidence, (step) => (deploying.includes(step) ? step.id : null)).flatMap((steps) => {
    let isStarted = false;
    const turns = steps.flatMap((step) =>
      allSteps(step.fileStep ? [step.fileStep] : [])
        .flatMap((inner) => [inner.uses ?? '', ...commandsIn(scriptIn(inner)).map(plain)])
        .flatMap((command) => {
          if (!WAITS_FOR_ROLLOUT.test(command)) {
            isStarted ||= STARTS.test(command);
            return [];
          }
          const isTurn = isStarted;
          isStarted = false;
          return isTurn ? [step] : [];
        }),
    );
    const waits = [...new Set(turns)].filter(({ medianSeconds }) => medianSeconds >= LONG_STEP);
    const [first] = waits;
    if (!first || turns.length < 2) return [];
    if (waits.length === 1) {
      const own = turns.filter((step) => step === first).length;
      const atStakeSeconds = first.medianSeconds * (1 - 1 / own);
      return own < 2 ? [] : [{ ...hitOf(first, evidence), atStakeSeconds, doubt: NEEDS_BEFORE }];
    }
    return findingOf(evidence, waits.slice(1), {
      atStakeSeconds: parallelSaving(waits),
      doubt: NEEDS_BEFORE,
    });
  });

/** Steps that run the same script on one machine after another. */
const machinesInTurn = (evidence: Evidence, deploying: readonly PathStep[]): Hit[] =>
  byGroup(evidence, (step) => {
    const { script, host } = step.fileStep?.with ?? {};
    const counts = deploying.includes(step) && step.medianSeconds >= LONG_STEP && script && host;
    return counts ? `${step.id}\n${String(script)}` : null;
  }).flatMap((steps) =>
    findingOf(evidence, steps.slice(1), { atStakeSeconds: parallelSaving(steps), doubt: MACHINES }),
  );
const MACHINES = 'The machines may take turns, so that one of them always answers.';

/** Modules of Terragrunt that are applied one after the other, each by its own command. */
const modulesInTurn = (evidence: Evidence): Hit[] =>
  byGroup(evidence, (step) =>
    runsAny(scriptOf(step), /^terragrunt (?!run-all|run --all)(?:.* )?apply\b/) ? step.id : null,
  ).flatMap((steps) =>
    steps.length < 3
      ? []
      : findingOf(evidence, steps, {
          advice: RUN_ALL,
          remains: [0.5, 0.8],
          doubt: 'Each module may need the one before it.',
        }),
  );
const RUN_ALL =
  'Apply all modules with `terragrunt run --all apply` (`run-all` in older versions). It goes by their dependencies, and applies modules that need nothing from one another at the same time.';

export const rolledOutInSequence: Rule = {
  id: 'rolled-out-in-sequence',
  title: 'Services are rolled out one after the other',
  advice:
    'Start all rollouts first and wait for all of them at the end, or use a job for each service with a matrix. Keep the order only where a service needs another one.',
  remains: [0, 0.25],
  cause: 'order',
  find: (evidence) => {
    const deploying = deploymentsIn(evidence);
    const loops = deploying.filter(({ fileStep, fileJob }) => fileStep && loopIn(fileStep, fileJob?.env));
    const scripts = deploying.filter((step) => !loops.includes(step));
    return [
      ...inOneScript(evidence, loops.filter(startsInLoop), ROLLOUTS, WAITS_FOR_ROLLOUT),
      ...inOneScript(evidence, loops, TO_MACHINES).map((hit) => ({ ...hit, doubt: MACHINES })),
      ...machinesInTurn(evidence, deploying),
      ...waitedInTurn(evidence, scripts),
      ...inOneScript(evidence, scripts, ROLLOUTS),
      ...rolloutJobs(evidence),
      ...modulesInTurn(evidence),
      ...inSequence(
        evidence,
        ROLLOUTS,
        (step) =>
          deploying.includes(step) &&
          !/canary|migrat/i.test(step.step) &&
          step.fileStep?.with.job === undefined,
      ).map((hit) => ({ ...hit, doubt: NEEDS_BEFORE })),
    ];
  },
};
