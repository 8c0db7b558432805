import * as v from 'valibot';
import { FINDING_KINDS, MODES, STAGES, STATISTICS } from '../model/terms.ts';

/**
 * The report's contract: its type, from which `npm run docs` writes the JSON Schema (`docs/report.schema.json`) and the table
 * of its fields. camelCase; instants in ISO 8601 UTC; times in seconds.
 */

const told = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));
const object = <E extends v.ObjectEntries>(text: string, entries: E) => told(v.strictObject(entries), text);
const objectOrNull = <E extends v.ObjectEntries>(text: string, entries: E) =>
  told(v.nullable(v.strictObject(entries)), text);
const list = <E extends v.ObjectEntries>(text: string, entries: E) =>
  told(v.array(v.strictObject(entries)), text);
const instant = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
/** No count and no time of a report is larger: more seconds than this are no date. */
const LARGEST = 1e12;
const number = v.pipe(
  v.number(),
  v.check((value) => Math.abs(value) <= LARGEST),
);
const integer = v.pipe(number, v.integer());
const figure = v.nullable(number);
/** A number where there is one, else a name: of a deployment, or of a change. */
const reference = v.union([integer, v.string()]);
const deploymentId = v.nullable(reference);
const status = v.picklist(['on-target', 'slipping', 'drifted', 'insufficient-data']);
const confidence = v.nullable(v.picklist(['sure', 'likely']));
const outcome = v.picklist(['success', 'failure', 'running']);
const stageName = v.picklist(STAGES);
const seconds = told(number, 'Seconds.');
const secondsOrNull = told(figure, 'Seconds.');

const leadTime = v.strictObject({
  count: told(number, 'Mergesets in the sample.'),
  deployed: told(number, 'Of them live.'),
  pending: told(number, 'Of them pending.'),
  p50: secondsOrNull,
  p75: secondsOrNull,
  p90: secondsOrNull,
  p95: secondsOrNull,
  mean: secondsOrNull,
  max: secondsOrNull,
});
const plainVotes = v.strictObject({
  of: told(number, 'How many there are.'),
  over: told(number, 'Of them past the limit.'),
});
const votes = v.strictObject({
  ...plainVotes.entries,
  chance: told(number, 'Of so many or more, were each as likely over as under.'),
});
const changePoint = v.strictObject({
  deployment: told(deploymentId, 'null: only its run is known.'),
  at: told(instant, 'When it succeeded.'),
});
const mergeset = v.strictObject({
  kind: told(v.picklist(['pull-request', 'direct-push']), 'What put it on the branch.'),
  number: told(v.nullable(integer), "The pull request's."),
  title: told(v.string(), 'Its title, as it was written.'),
  author: told(v.nullable(v.string()), 'A login, or the name in the commit.'),
  bot: v.optional(told(v.literal(true), 'The author is a bot.')),
  url: told(v.string(), 'Its address.'),
  mergeCommit: told(v.string(), 'The commit that put it on the base branch.'),
  firstCommitAt: told(v.nullable(instant), 'When the oldest of its own commits was authored.'),
  mergedAt: told(instant, 'When its lead time begins.'),
  deployment: told(v.nullable(reference), 'The deployment that shipped it.'),
  deployedAt: told(v.nullable(instant), 'When that succeeded.'),
  leadTimeSeconds: told(figure, 'From merge to live; null while pending or untimed.'),
  waitingSeconds: told(figure, 'So far; null unless pending.'),
  untimed: told(v.boolean(), 'Live, but since when cannot be known.'),
  counted: v.optional(told(v.literal(false), 'The statistic leaves it out.')),
  why: v.optional(told(v.string(), 'Why it does.')),
  ridesAlong: v.optional(
    told(v.literal(true), 'It deploys nothing itself and goes live with the next change that does.'),
  ),
  frozenSeconds: v.optional(told(number, 'Of its time, how much fell into freezes.')),
  codeToLiveSeconds: v.optional(told(figure, 'From its first commit to live.')),
  revert: v.optional(told(v.literal(true), 'It takes another change back.')),
  stages: v.optional(told(v.array(v.nullable(instant)), 'When it was live in each stage before.')),
  notes: told(v.array(v.string()), 'What is worth saying of it.'),
});
const job = {
  workflow: told(v.string(), "The workflow's name."),
  job: told(v.string(), "The job's name."),
};
const onPath = {
  runs: told(number, 'Runs that have it on the path.'),
  medianSeconds: seconds,
  share: told(number, 'Of all time from merge to live of those runs, from 0 to 1.'),
  beforeSeconds: told(figure, 'The median of the period before.'),
};
const waterfall = objectOrNull("One change's way to live.", {
  mergeset: told(reference, 'The mergeset.'),
  deployment: told(reference, 'The deployment.'),
  segments: list('Touching, in order; they sum to the lead time.', {
    stage: told(stageName, 'Where the time goes.'),
    name: told(v.nullable(v.string()), "The job's name."),
    from: told(instant, 'When it begins.'),
    seconds: told(number, 'How long it takes.'),
  }),
});

export const reportSchema = v.pipe(
  v.strictObject({
    schemaVersion: told(v.literal(1), 'Raised when a field changes its meaning or goes.'),
    repository: told(v.string(), 'owner/name.'),
    repositoryUrl: told(v.string(), 'Its address.'),
    environment: told(v.string(), 'The environment that counts.'),
    baseBranch: told(v.string(), 'The branch that changes are merged into.'),
    generatedAt: told(instant, 'When the report was made.'),
    mode: told(v.picklist(MODES), 'Why the run was started.'),
    window: object('What mergesets are taken from.', {
      from: told(instant, 'Included.'),
      to: told(instant, 'Included; "now" for what is pending.'),
      askedFrom: v.optional(
        told(instant, 'Where it was widened, to hold ten changes: where it began as it was asked for.'),
      ),
    }),
    target: object('What the verdict is held against.', {
      seconds: told(number, "The team's time."),
      tolerance: told(number, 'A fraction: 0.25 is 25%.'),
      thresholdSeconds: told(number, 'target × (1 + tolerance).'),
      statistic: told(v.picklist(STATISTICS), 'What is held against the target.'),
    }),
    policy: object('The limits besides the target.', {
      minSamples: told(number, 'Fewer changes give no verdict.'),
      maxBatch: told(number, 'A deployment of more changes is a batch.'),
    }),
    status: told(status, 'The verdict.'),
    reason: told(
      v.picklist(['measured', 'too-few', 'too-many-waiting', 'unreadable']),
      'Why it is this verdict: measured, or what is missing for one.',
    ),
    sentence: told(v.string(), 'The verdict for people, in one line.'),
    leadTimeSeconds: told(figure, 'The statistic; null where it is unknown.'),
    leadTimeAtLeastSeconds: told(
      figure,
      'Where the statistic is a lower bound or unknown: what it is at least.',
    ),
    driftPercent: told(figure, '(statistic − target) / target, in percent.'),
    confidence: told(confidence, 'How sure a drift is; null where there is none.'),
    votes: object(
      'Deployments of the window that shipped something, and the oldest change that waits past the limit as one more.',
      {
        ...votes.entries,
        changes: told(plainVotes, 'The same of changes.'),
      },
    ),
    alert: object('The alert, as the deployments before tell it.', {
      on: told(
        v.nullable(v.boolean()),
        'On from the first sure drift until lead time is back; null where that is not known.',
      ),
      since: objectOrNull('Since when; null where it is off.', {
        at: told(instant, 'When it was sure first.'),
        deployment: told(deploymentId, 'The newest deployment then.'),
        orBefore: told(v.boolean(), 'It may have been on before what was read.'),
      }),
    }),
    alerts: object("The guard's own record.", {
      from: told(v.nullable(instant), 'From when on they are told; null: the time before was not read.'),
      all: list('Oldest first.', {
        enteredAt: told(instant, 'When it was sure first.'),
        deployment: told(deploymentId, 'The newest deployment then.'),
        orBefore: told(v.boolean(), 'It may have been on before what was read.'),
        votes: told(votes, 'What made it sure.'),
        leftAt: told(v.nullable(instant), 'When it was over; null: it is on.'),
        left: told(
          v.nullable(v.picklist(['on-target', 'under-limit', 'not-sure'])),
          'Back at the target, surely under the limit, or not sure for too long.',
        ),
        borneOut: told(
          v.nullable(v.boolean()),
          'Whether most of the next ten deployments were past the limit; null: that is open.',
        ),
      }),
    }),
    budget: objectOrNull('The error budget; null without an objective.', {
      objective: told(number, 'The share that is to be live within the limit, from 0 to 1.'),
      changes: told(number, 'Of the last 28 days, as far as they are decided.'),
      late: told(number, 'Of them past the limit, also still waiting.'),
      share: told(figure, 'Live within the limit, from 0 to 1.'),
      left: told(figure, 'The error budget left: 1 is all, below 0 it is overspent.'),
      burn: object(
        'How many times as fast as the objective allows it is spent; null for fewer deployments.',
        {
          of5: told(figure, 'Over the last 5 deployments.'),
          of20: told(figure, 'Over the last 20.'),
        },
      ),
      spent: told(v.boolean(), 'Surely spent (exact binomial, 5%).'),
      burning: told(v.boolean(), 'Three times too fast over both.'),
      chance: told(number, 'Of so many late ones or more, were the objective kept.'),
    }),
    change: objectOrNull("What slipped against the team's own past; null: nothing, or too little is known.", {
      what: told(v.nullable(stageName), 'The stage that slipped; null: lead time as a whole.'),
      stage: told(v.nullable(stageName), 'The stage that slipped with it.'),
      beforeSeconds: told(number, 'The median before.'),
      afterSeconds: told(number, 'The median since.'),
      deployments: object('How many stand on either side.', {
        before: told(number, 'Before.'),
        after: told(number, 'Since.'),
      }),
      p: told(number, "Pettitt's test."),
      noticedAt: told(instant, 'When it could first be told; it is told for 28 days.'),
      lastGood: told(changePoint, 'The last deployment before.'),
      firstBad: told(changePoint, 'The first since.'),
      pullRequests: told(v.array(integer), 'That went live in between.'),
      files: told(
        v.nullable(
          v.array(
            v.strictObject({
              path: told(v.string(), 'The file.'),
              kind: told(v.picklist(['workflow', 'lock', 'image']), 'What it is.'),
            }),
          ),
        ),
        'Of the pipeline, that those touched; null: not known.',
      ),
    }),
    weeks: told(
      v.nullable(
        v.array(
          v.strictObject({
            from: told(instant, 'Not included.'),
            to: told(instant, 'Included; it is told as it was known then.'),
            status: told(status, 'The verdict then.'),
            leadTimeSeconds: told(figure, 'The statistic then.'),
            leadTimeAtLeastSeconds: told(figure, 'What it was at least.'),
            confidence: told(confidence, 'How sure a drift was.'),
            alert: told(v.nullable(v.boolean()), 'Whether the alert was on.'),
            deployments: told(number, 'That succeeded in the week.'),
            batches: told(number, 'Of them batches.'),
          }),
        ),
      ),
      'Week by week, oldest first; null unless "weeks" is set.',
    ),
    leadTime: told(
      leadTime,
      'Kaplan–Meier quantiles; mean and max are lower bounds while something is pending.',
    ),
    frozen: v.optional(told(v.literal(true), 'The window ends in a freeze.')),
    service: v.optional(told(v.string(), 'The service, where a file of settings names some.')),
    regions: v.optional(
      told(
        v.array(v.string()),
        'The environments that its deployments are put together of, where there are several.',
      ),
    ),
    codeToLive: v.optional(
      object('From the first commit to live; where there is a file of settings.', {
        ...leadTime.entries,
        undated: told(number, 'Left out: the first commit is not known, or dated after the merge.'),
      }),
    ),
    way: v.optional(
      object('The way through the stages, where there are some.', {
        steps: list('From each place to the next.', {
          from: told(v.string(), 'merge, or a stage.'),
          to: told(v.string(), 'A stage, or live.'),
          seconds: told(v.array(number), 'Of each change that made the step.'),
        }),
        skipped: list('Changes that were live without having been in a stage before.', {
          mergeCommit: told(v.string(), 'The change.'),
          stage: told(v.string(), 'What it skipped.'),
        }),
      }),
    ),
    splits: v.optional(
      list('The same figures by label.', {
        by: told(v.string(), 'label:… as "splits" has it.'),
        groups: list('A change of several labels stands in each.', {
          name: told(v.string(), 'The label; unassigned for none.'),
          leadTime: told(leadTime, 'Its figures.'),
        }),
      }),
    ),
    mergesets: told(v.array(mergeset), 'Those of the window, oldest first.'),
    earlier: told(
      v.array(mergeset),
      'Merged before the window, and shipped by one of its deployments or still waiting.',
    ),
    judged: told(deploymentId, 'The deployment that guard mode judges; null: none.'),
    deployments: list('Those that succeeded, failed or ran in the window, oldest first.', {
      id: told(
        reference,
        "GitHub's number, the run's id, or the release's tag; of several parts, the last one's.",
      ),
      sha: told(v.string(), 'The commit.'),
      createdAt: told(instant, 'When it was created.'),
      succeededAt: told(v.nullable(instant), 'Its first success.'),
      at: v.optional(told(instant, 'When it failed or was seen last, if it has no time of success.')),
      outcome: told(outcome, 'What became of it.'),
      mergesets: told(
        v.array(told(reference, "A pull request's number, or a direct push's commit.")),
        'All that it shipped, also what was merged before the window.',
      ),
      authors: told(v.array(v.string()), 'Of those.'),
      batched: told(v.boolean(), 'More than max-batch mergesets.'),
      why: v.optional(told(v.string(), 'Why it is a batch.')),
      assumed: told(v.boolean(), "This run's own, taken as succeeding now."),
      redeploy: told(v.boolean(), 'Of a commit that had been deployed.'),
      rollback: told(v.boolean(), 'Of an ancestor of what was live.'),
      seed: told(v.boolean(), "The environment's first success."),
      trigger: told(v.nullable(v.string()), 'The event that started it.'),
      url: told(v.nullable(v.string()), "The run's or the release's address."),
      run: v.optional(
        object('The workflow run that made it, where it was opened.', {
          id: told(integer, "GitHub's number."),
          attempt: told(integer, 'Its last attempt.'),
          workflow: told(v.string(), "The workflow's name."),
          url: told(v.string(), 'Its address.'),
        }),
      ),
      notes: told(v.array(v.string()), 'What is worth saying of it.'),
      declared: v.optional(
        told(
          v.literal(true),
          'A configuration declares it, and nothing proves that it runs. Left out of any other.',
        ),
      ),
      failedInGuard: v.optional(
        told(
          v.literal(true),
          "GitHub records it as failed, and it failed in nothing but this guard's own step. Left out where it did not.",
        ),
      ),
      parts: v.optional(
        list(
          'Where several jobs of one run deploy one commit together: each of them. Left out of any other.',
          {
            id: told(reference, "GitHub's number."),
            job: told(v.nullable(v.string()), 'The job that made it; null where it is not known.'),
            outcome: told(outcome, 'What became of it.'),
            createdAt: told(instant, 'When it was created.'),
            succeededAt: told(v.nullable(instant), 'Its first success.'),
          },
        ),
      ),
    }),
    findings: list('What should be known.', {
      kind: told(v.picklist(FINDING_KINDS), 'What it is.'),
      severity: told(v.picklist(['notice', 'warning', 'error']), 'error where fail-on names it.'),
      message: told(v.string(), 'For people, in one line.'),
      subject: told(v.string(), 'window, a deployment, or a mergeset.'),
      evidence: told(v.record(v.string(), v.unknown()), 'The figures that show it.'),
    }),
    remarks: list('What the numbers do not say by themselves.', {
      what: told(v.string(), 'What it is.'),
      consequence: told(v.string(), 'What it means for the numbers, or what would change it.'),
    }),
    completeness: object('What the answer lacks.', {
      complete: told(v.boolean(), 'Whether all was read that the answer depends on.'),
      gaps: list('What the answer lacks.', {
        what: told(v.string(), 'What could not be read.'),
        consequence: told(v.string(), 'What that does to the answer.'),
        verdictAtRisk: told(
          v.boolean(),
          'Whether the verdict could be wrong because of it, so that there is none.',
        ),
      }),
    }),
    stages: objectOrNull('Where the time goes; null with stages: none.', {
      shipped: told(number, 'Deployments that shipped something timed.'),
      opened: told(number, 'Of them cut into stages.'),
      inActions: told(v.boolean(), 'Whether any was made by a workflow run that could be read.'),
      rows: list('Stage by stage.', {
        stage: told(stageName, 'Where the time goes.'),
        medianSeconds: seconds,
        p90Seconds: seconds,
        share: told(number, 'Of all time from merge to live, from 0 to 1.'),
        beforeSeconds: told(figure, 'The median of the period before.'),
      }),
      mergesets: list('Those cut, also ones merged before the window.', {
        mergeset: told(reference, 'The mergeset.'),
        deployment: told(reference, 'What shipped it.'),
        leadTimeSeconds: seconds,
        seconds: told(
          v.strictObject(v.entriesFromList(STAGES, v.optional(seconds))),
          'By stage; they sum to the lead time.',
        ),
        segments: v.optional(
          list('In order, from the merge on.', {
            stage: told(stageName, 'Where the time goes.'),
            seconds: told(number, 'How long it takes.'),
            name: v.optional(told(v.string(), "The job's name.")),
          }),
        ),
      }),
      jobs: list('Jobs on the critical path.', { ...job, ...onPath }),
      steps: list('Steps on the critical path.', {
        ...job,
        step: told(v.string(), "The step's name."),
        ...onPath,
      }),
      slowest: waterfall,
      median: waterfall,
    }),
    suspects: list('The usual suspects, the largest saving first.', {
      rule: told(v.string(), 'Which of the usual suspects.'),
      title: told(v.string(), 'In words.'),
      where: told(v.string(), 'The step, job or stage.'),
      medianSeconds: seconds,
      times: told(number, 'Runs that show it.'),
      share: told(number, 'From 0 to 1.'),
      saving: object('What it may save, never more than another job would let it.', {
        low: told(number, 'Seconds a deployment.'),
        high: told(number, 'Seconds a deployment.'),
      }),
      advice: told(v.string(), 'What to do.'),
      yaml: told(v.nullable(v.string()), 'To paste.'),
      runs: told(v.array(v.string()), 'Three addresses at most.'),
    }),
    regression: objectOrNull(
      'What grew against the period before; null where the window is not slower, or too little is known.',
      {
        beforeSeconds: told(number, 'The median of the period before.'),
        nowSeconds: told(number, "The window's."),
        stage: told(
          v.nullable(told(stageName, 'Where the time goes.')),
          'What grew most; null: no single cause.',
        ),
        stageGrewSeconds: told(figure, 'By how much.'),
        job: told(v.nullable(v.string()), 'The job of it that grew most.'),
        step: told(v.nullable(v.string()), 'The step of that job.'),
        since: objectOrNull('Since when.', {
          deployment: told(reference, 'The first of the change.'),
          at: told(instant, 'When it succeeded.'),
          pullRequests: told(v.array(integer), 'That it shipped.'),
          workflowChange: objectOrNull('The change of the workflow file that went in there.', {
            path: told(v.string(), 'The workflow file.'),
            sha: told(v.string(), 'The commit.'),
            url: told(v.string(), 'Its address.'),
          }),
        }),
      },
    ),
  }),
  v.title('The report of the deploy latency guard'),
);

export type Report = v.InferOutput<typeof reportSchema>;
/** A change as the report has it. */
export type ReportedChange = v.InferOutput<typeof mergeset>;
/** A deployment as the report has it. */
export type ReportedDeployment = Report['deployments'][number];
/** One change's way to live. */
export type Waterfall = NonNullable<NonNullable<Report['stages']>['slowest']>;

/** The report of a run that answers for several units. */
export const runReportSchema = v.pipe(
  v.strictObject({
    schemaVersion: told(v.literal(1), 'Raised when a field changes its meaning or goes.'),
    repository: told(v.string(), 'owner/name.'),
    baseBranch: told(v.string(), 'The branch that changes are merged into.'),
    generatedAt: told(instant, 'When the report was made.'),
    window: object('What mergesets are taken from.', {
      from: told(instant, 'Included.'),
      to: told(instant, 'Included.'),
    }),
    status: told(status, 'The worst verdict of all.'),
    units: told(v.array(reportSchema), 'The report of each, in the order of the file of settings.'),
    untold: list('Those of which nothing can be told.', {
      service: told(v.nullable(v.string()), 'Which one.'),
      environment: told(v.string(), 'Its environment.'),
      reason: told(v.string(), 'Why nothing can be told of it.'),
    }),
    elsewhere: told(figure, 'Mergesets of the window that concern none of them; null where one has all.'),
  }),
  v.title('The report of the deploy latency guard, of several units'),
);

export type RunReport = v.InferOutput<typeof runReportSchema>;
