import * as v from 'valibot';
import { FINDING_KINDS, MODES, STAGES, STATISTICS } from '../model/terms.ts';

/**
 * The report's format. `npm run docs` writes the JSON Schema (`docs/report.schema.json`) and the table of fields from it.
 * Names are in camelCase, instants in ISO 8601 UTC, times in seconds.
 */

const described = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));
const object = <E extends v.ObjectEntries>(text: string, entries: E) =>
  described(v.strictObject(entries), text);
const objectOrNull = <E extends v.ObjectEntries>(text: string, entries: E) =>
  described(v.nullable(v.strictObject(entries)), text);
const list = <E extends v.ObjectEntries>(text: string, entries: E) =>
  described(v.array(v.strictObject(entries)), text);
const instant = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
/** Upper bound of all counts and times. More seconds than this are not a valid date. */
const LARGEST = 1e12;
const number = v.pipe(
  v.number(),
  v.check((value) => Math.abs(value) <= LARGEST),
);
const integer = v.pipe(number, v.integer());
const figure = v.nullable(number);
/** Identifies a deployment or a change: its number, or its name if it has no number. */
const reference = v.union([integer, v.string()]);
const deploymentId = v.nullable(reference);
const status = v.picklist(['on-target', 'slipping', 'drifted', 'insufficient-data']);
const confidence = v.nullable(v.picklist(['sure', 'likely']));
const outcome = v.picklist(['success', 'failure', 'running']);
const stageName = v.picklist(STAGES);
const median = described(number, 'Median in seconds.');

const leadTime = v.strictObject({
  count: described(number, 'Number of changes that count.'),
  deployed: described(number, 'Number of them that are live.'),
  pending: described(number, 'Number of them that are not live yet.'),
  p50: described(figure, 'Median in seconds; null if unknown.'),
  p75: described(figure, '75th percentile in seconds.'),
  p90: described(figure, '90th percentile in seconds.'),
  p95: described(figure, '95th percentile in seconds.'),
  mean: described(figure, 'Mean in seconds.'),
  max: described(figure, 'Longest time in seconds.'),
});
const plainVotes = v.strictObject({
  of: described(number, 'Total number.'),
  over: described(number, 'Number of them over the limit.'),
});
const votes = v.strictObject({
  ...plainVotes.entries,
  chance: described(
    number,
    'Probability of this many or more over the limit if each were as likely over as under.',
  ),
});
const changePoint = v.strictObject({
  deployment: described(deploymentId, "The deployment's id; null if only its run is known."),
  at: described(instant, 'Time of its success.'),
});
const mergeset = v.strictObject({
  kind: described(v.picklist(['pull-request', 'direct-push']), 'A merged pull request or a direct push.'),
  number: described(v.nullable(integer), "The pull request's number; null for a direct push."),
  title: described(v.string(), 'The title.'),
  author: described(v.nullable(v.string()), "The author's login, or the name in the commit."),
  bot: v.optional(described(v.literal(true), 'True if the author is a bot; otherwise omitted.')),
  url: described(v.string(), 'URL of the pull request or the commit.'),
  mergeCommit: described(v.string(), 'The commit that brought it to the base branch.'),
  firstCommitAt: described(v.nullable(instant), 'Author date of its oldest commit.'),
  mergedAt: described(instant, 'Start of its lead time: the merge or the push.'),
  deployment: described(v.nullable(reference), 'The deployment that shipped it; null while pending.'),
  deployedAt: described(v.nullable(instant), 'Time at which it went live; null if pending or unknown.'),
  leadTimeSeconds: described(figure, 'Time from merge to live; null while pending or untimed.'),
  waitingSeconds: described(figure, 'Waiting time so far; null unless pending.'),
  untimed: described(v.boolean(), 'Live, but at an unknown time.'),
  counted: v.optional(described(v.literal(false), 'False if the statistic excludes it; otherwise omitted.')),
  why: v.optional(described(v.string(), 'Reason for the exclusion.')),
  ridesAlong: v.optional(
    described(
      v.literal(true),
      'True if it starts no deployment and goes live with the next change that does.',
    ),
  ),
  frozenSeconds: v.optional(described(number, 'Seconds of its time that fell into freezes.')),
  codeToLiveSeconds: v.optional(described(figure, 'Time from its first commit to live.')),
  revert: v.optional(described(v.literal(true), 'True if it reverts another change.')),
  stages: v.optional(
    described(v.array(v.nullable(instant)), 'Time at which it was live in each stage before production.'),
  ),
  notes: described(v.array(v.string()), 'Notes for people.'),
});
const job = {
  workflow: described(v.string(), 'Name of the workflow.'),
  job: described(v.string(), 'Name of the job.'),
};
const onPath = {
  runs: described(number, 'Number of runs with it on the critical path.'),
  medianSeconds: median,
  share: described(number, "Share of these runs' time from merge to live, from 0 to 1."),
  beforeSeconds: described(figure, 'Median in the period before.'),
};
const waterfall = (text: string) =>
  objectOrNull(text, {
    mergeset: described(reference, 'The change.'),
    deployment: described(reference, 'The deployment that shipped it.'),
    segments: list('Its stages in order, without gaps; they add up to the lead time.', {
      stage: described(stageName, 'The stage.'),
      name: described(v.nullable(v.string()), 'Name of the job.'),
      from: described(instant, 'Start of the stage.'),
      seconds: described(number, 'Length of the stage in seconds.'),
    }),
  });

export const reportSchema = v.pipe(
  v.strictObject({
    schemaVersion: described(
      v.literal(1),
      'Version of this format. It increases when a field is removed or changes its meaning.',
    ),
    repository: described(v.string(), 'The repository, as owner/name.'),
    repositoryUrl: described(v.string(), 'URL of the repository.'),
    environment: described(v.string(), 'The environment that is measured.'),
    baseBranch: described(v.string(), 'The branch that changes are merged into.'),
    generatedAt: described(instant, 'Time at which the report was created.'),
    mode: described(v.picklist(MODES), 'The mode of the run.'),
    window: object('The period whose merged changes are measured.', {
      from: described(instant, 'Start, included.'),
      to: described(instant, 'End, included. Pending changes wait until this time.'),
      askedFrom: v.optional(
        described(instant, 'Requested start, if the window was widened to contain ten changes.'),
      ),
    }),
    target: object('The target of the verdict.', {
      seconds: described(number, 'Merge-to-live time to aim for, in seconds.'),
      tolerance: described(number, 'Tolerance above the target as a fraction: 0.25 is 25%.'),
      thresholdSeconds: described(number, 'The limit: target × (1 + tolerance).'),
      statistic: described(v.picklist(STATISTICS), 'The statistic that is compared with the target.'),
    }),
    policy: object('Other limits.', {
      minSamples: described(number, 'Minimum number of changes for a verdict.'),
      maxBatch: described(number, 'A deployment with more changes is a batch.'),
    }),
    status: described(status, 'The verdict.'),
    reason: described(
      v.picklist(['measured', 'too-few', 'too-many-waiting', 'unreadable']),
      'Measured, or the reason why there is no verdict.',
    ),
    sentence: described(v.string(), 'The verdict in words, on one line.'),
    leadTimeSeconds: described(figure, 'The statistic in seconds; null if unknown.'),
    leadTimeAtLeastSeconds: described(
      figure,
      'Lower bound of the statistic, if its exact value is unknown; otherwise null.',
    ),
    driftPercent: described(figure, '(statistic − target) / target, in percent.'),
    confidence: described(confidence, 'Certainty of a drift: sure or likely; null without a drift.'),
    votes: object(
      'Evidence for a drift: deployments of the window that shipped a change. The oldest change that has waited past the limit counts as one more.',
      {
        ...votes.entries,
        changes: described(plainVotes, 'The same numbers for changes.'),
      },
    ),
    alert: object('The alert, derived from past deployments.', {
      on: described(
        v.nullable(v.boolean()),
        'On from the first sure drift until lead time recovers; null if unknown.',
      ),
      since: objectOrNull('Start of the alert; null while it is off.', {
        at: described(instant, 'Time at which the drift was first sure.'),
        deployment: described(deploymentId, 'The newest deployment at that time.'),
        orBefore: described(
          v.boolean(),
          'True if it may have started earlier, before the data that was read.',
        ),
      }),
    }),
    alerts: object('Past alerts.', {
      from: described(v.nullable(instant), 'Start of the record; null if earlier data was not read.'),
      all: list('The alerts, oldest first.', {
        enteredAt: described(instant, 'Time at which the drift was first sure.'),
        deployment: described(deploymentId, 'The newest deployment at that time.'),
        orBefore: described(
          v.boolean(),
          'True if it may have started earlier, before the data that was read.',
        ),
        votes: described(votes, 'Evidence at the start of the alert.'),
        leftAt: described(v.nullable(instant), 'Time at which it ended; null while it is on.'),
        left: described(
          v.nullable(v.picklist(['on-target', 'under-limit', 'not-sure'])),
          'Reason for the end: back at the target, clearly under the limit, or not sure for four weeks.',
        ),
        borneOut: described(
          v.nullable(v.boolean()),
          'Whether most of the next ten deployments were over the limit; null if it is too early to say.',
        ),
      }),
    }),
    budget: objectOrNull('The error budget; null without an objective.', {
      objective: described(number, 'Share of changes that should be live within the limit, from 0 to 1.'),
      changes: described(number, 'Number of changes in the last 28 days that are live or over the limit.'),
      late: described(number, 'Number of them over the limit, including those that still wait.'),
      share: described(figure, 'Share that was live within the limit, from 0 to 1.'),
      left: described(figure, 'Remaining error budget: 1 is all of it, below 0 it is overspent.'),
      burn: object(
        'Burn rate, as a multiple of the rate that the objective allows; null if there are fewer deployments.',
        {
          of5: described(figure, 'Rate over the last 5 deployments.'),
          of20: described(figure, 'Rate over the last 20 deployments.'),
        },
      ),
      spent: described(v.boolean(), 'True if the budget is certainly spent (exact binomial test, 5%).'),
      burning: described(v.boolean(), 'True if both rates are at least 3.'),
      chance: described(number, 'Probability of this many late changes or more if the objective were met.'),
    }),
    change: objectOrNull("Slowdown against the team's own past; null if there is none or too little data.", {
      what: described(
        v.nullable(stageName),
        'The stage that became slower; null if it is the lead time in total.',
      ),
      stage: described(v.nullable(stageName), 'The stage that became slower at the same time.'),
      beforeSeconds: described(number, 'Median before the slowdown.'),
      afterSeconds: described(number, 'Median since the slowdown.'),
      deployments: object('Number of deployments behind each median.', {
        before: described(number, 'Deployments before.'),
        after: described(number, 'Deployments since.'),
      }),
      p: described(number, "P-value of Pettitt's test."),
      noticedAt: described(instant, 'Time at which it could first be detected. It is reported for 28 days.'),
      lastGood: described(changePoint, 'The last deployment before the slowdown.'),
      firstBad: described(changePoint, 'The first deployment of the slowdown.'),
      pullRequests: described(v.array(integer), 'Numbers of the pull requests that went live in between.'),
      files: described(
        v.nullable(
          v.array(
            v.strictObject({
              path: described(v.string(), 'Path of the file.'),
              kind: described(v.picklist(['workflow', 'lock', 'image']), 'Type of the file.'),
            }),
          ),
        ),
        'Pipeline files that these pull requests changed; null if unknown.',
      ),
    }),
    weeks: described(
      v.nullable(
        v.array(
          v.strictObject({
            from: described(instant, 'Start of the week, excluded.'),
            to: described(instant, 'End of the week, included. Values are as known at this time.'),
            status: described(status, 'Verdict at the end of the week.'),
            leadTimeSeconds: described(figure, 'The statistic at the end of the week.'),
            leadTimeAtLeastSeconds: described(figure, 'Lower bound of the statistic.'),
            confidence: described(confidence, 'Certainty of a drift then.'),
            alert: described(v.nullable(v.boolean()), 'Whether the alert was on.'),
            deployments: described(number, 'Number of successful deployments in the week.'),
            batches: described(number, 'Number of them that were batches.'),
          }),
        ),
      ),
      'Past weeks, oldest first; null unless "weeks" is set.',
    ),
    leadTime: described(
      leadTime,
      'Lead times as Kaplan–Meier quantiles. Mean and max are lower bounds while a change is pending.',
    ),
    frozen: v.optional(described(v.literal(true), 'True if the window ends in a freeze.')),
    service: v.optional(described(v.string(), 'The service, if a configuration file names services.')),
    regions: v.optional(
      described(v.array(v.string()), 'The regions, if a service has several environments.'),
    ),
    codeToLive: v.optional(
      object('Times from the first commit to live, if there is a configuration file.', {
        ...leadTime.entries,
        undated: described(
          number,
          'Number of changes without a usable first commit: unknown, or dated after the merge.',
        ),
      }),
    ),
    way: v.optional(
      object('The promotion path through the stages, if there are any.', {
        steps: list('Steps from one stage to the next.', {
          from: described(v.string(), 'Start of the step: merge, or a stage.'),
          to: described(v.string(), 'End of the step: a stage, or live.'),
          seconds: described(v.array(number), 'Time of each change that made the step.'),
        }),
        skipped: list('Changes that went live without passing a stage.', {
          mergeCommit: described(v.string(), 'The change.'),
          stage: described(v.string(), 'The skipped stage.'),
        }),
      }),
    ),
    splits: v.optional(
      list('Lead times by label.', {
        by: described(v.string(), 'The pattern from "splits", such as label:team/*.'),
        groups: list('One group per label. A change with several labels is in each.', {
          name: described(v.string(), 'The label, or unassigned.'),
          leadTime: described(leadTime, 'Lead times of the group.'),
        }),
      }),
    ),
    mergesets: described(v.array(mergeset), 'Changes merged in the window, oldest first.'),
    earlier: described(
      v.array(mergeset),
      'Changes merged before the window that one of its deployments shipped, or that still wait.',
    ),
    judged: described(deploymentId, 'The deployment that guard mode judges; null if there is none.'),
    deployments: list('Deployments that succeeded, failed or ran in the window, oldest first.', {
      id: described(
        reference,
        "GitHub's deployment id, the run's id, or the release's tag. With several parts, the id of the last one.",
      ),
      sha: described(v.string(), 'The commit.'),
      createdAt: described(instant, 'Time of its creation.'),
      succeededAt: described(v.nullable(instant), 'Time of its first success.'),
      at: v.optional(
        described(instant, 'Time at which it failed or was last seen, if it has no time of success.'),
      ),
      outcome: described(outcome, 'The outcome.'),
      mergesets: described(
        v.array(described(reference, "A pull request's number, or a direct push's commit.")),
        'All changes that it shipped, including those merged before the window.',
      ),
      authors: described(v.array(v.string()), 'Authors of these changes.'),
      batched: described(v.boolean(), 'True if it shipped more changes than max-batch.'),
      why: v.optional(described(v.string(), 'Reason for the batch.')),
      assumed: described(
        v.boolean(),
        "True if it is this run's own deployment, which counts as successful now.",
      ),
      redeploy: described(v.boolean(), 'True if its commit was already deployed.'),
      rollback: described(v.boolean(), 'True if its commit is an ancestor of the live one.'),
      seed: described(v.boolean(), "True if it is the environment's first success."),
      trigger: described(v.nullable(v.string()), 'The event that started it.'),
      url: described(v.nullable(v.string()), 'URL of the run or the release.'),
      run: v.optional(
        object('The workflow run that created it, if the run was read.', {
          id: described(integer, "GitHub's id."),
          attempt: described(integer, 'Number of its last attempt.'),
          workflow: described(v.string(), 'Name of the workflow.'),
          url: described(v.string(), 'URL of the run.'),
        }),
      ),
      notes: described(v.array(v.string()), 'Notes for people.'),
      declared: v.optional(
        described(
          v.literal(true),
          'True if it is declared in a configuration and nothing proves that it runs; otherwise omitted.',
        ),
      ),
      failedInGuard: v.optional(
        described(
          v.literal(true),
          "True if GitHub records it as failed, but only the guard's own step failed; otherwise omitted.",
        ),
      ),
      parts: v.optional(
        list('The jobs of one run that deploy the commit together; omitted if there is only one.', {
          id: described(reference, "GitHub's id."),
          job: described(v.nullable(v.string()), 'The job that created it; null if unknown.'),
          outcome: described(outcome, 'The outcome.'),
          createdAt: described(instant, 'Time of its creation.'),
          succeededAt: described(v.nullable(instant), 'Time of its first success.'),
        }),
      ),
    }),
    findings: list('The findings.', {
      kind: described(v.picklist(FINDING_KINDS), 'Kind of finding.'),
      severity: described(
        v.picklist(['notice', 'warning', 'error']),
        'Severity; error if fail-on names the kind.',
      ),
      message: described(v.string(), 'The finding in words, on one line.'),
      subject: described(v.string(), 'Subject: the window, a deployment or a change.'),
      evidence: described(v.record(v.string(), v.unknown()), 'Figures behind the finding.'),
    }),
    remarks: list('Remarks on how to read the numbers.', {
      what: described(v.string(), 'The remark.'),
      consequence: described(v.string(), 'Its meaning for the numbers, or the setting that changes it.'),
    }),
    completeness: object('Completeness of the data.', {
      complete: described(v.boolean(), 'Whether all data that the report depends on was read.'),
      gaps: list('Data that could not be read.', {
        what: described(v.string(), 'The missing data.'),
        consequence: described(v.string(), 'Its effect on the report.'),
        verdictAtRisk: described(
          v.boolean(),
          'Whether the verdict could be wrong without it. Then there is none.',
        ),
      }),
    }),
    stages: objectOrNull('Time by stage; null with "stages: none".', {
      shipped: described(number, 'Number of deployments that shipped a change with a known lead time.'),
      opened: described(number, 'Number of them with known stages.'),
      inActions: described(
        v.boolean(),
        'Whether a workflow run that could be read created at least one of them.',
      ),
      rows: list('One row per stage.', {
        stage: described(stageName, 'The stage.'),
        medianSeconds: median,
        p90Seconds: described(number, '90th percentile in seconds.'),
        share: described(number, 'Share of all time from merge to live, from 0 to 1.'),
        beforeSeconds: described(figure, 'Median in the period before.'),
      }),
      mergesets: list('Changes with known stages, including those merged before the window.', {
        mergeset: described(reference, 'The change.'),
        deployment: described(reference, 'The deployment that shipped it.'),
        leadTimeSeconds: described(number, 'Lead time in seconds.'),
        seconds: described(
          v.strictObject(v.entriesFromList(STAGES, v.optional(number))),
          'Seconds by stage; they add up to the lead time.',
        ),
        segments: v.optional(
          list('Its stages in order, from the merge on.', {
            stage: described(stageName, 'The stage.'),
            seconds: described(number, 'Length of the stage in seconds.'),
            name: v.optional(described(v.string(), 'Name of the job.')),
          }),
        ),
      }),
      jobs: list('Jobs on the critical path.', { ...job, ...onPath }),
      steps: list('Steps on the critical path.', {
        ...job,
        step: described(v.string(), 'Name of the step.'),
        ...onPath,
      }),
      slowest: waterfall('Stages of the slowest change.'),
      median: waterfall('Stages of the median change.'),
    }),
    suspects: list('Suspects: likely causes of slow deployments, the largest saving first.', {
      rule: described(v.string(), 'Id of the rule.'),
      title: described(v.string(), 'The suspect in words.'),
      where: described(v.string(), 'The step, job or stage.'),
      medianSeconds: median,
      times: described(number, 'Number of runs that show it.'),
      share: described(number, 'Share of all time from merge to live, from 0 to 1.'),
      saving: object('Likely saving per deployment. Jobs that run in parallel limit it.', {
        low: described(number, 'Lower end, in seconds.'),
        high: described(number, 'Upper end, in seconds.'),
      }),
      advice: described(v.string(), 'Advice.'),
      yaml: described(v.nullable(v.string()), 'YAML to paste.'),
      runs: described(v.array(v.string()), 'URLs of up to three runs that show it.'),
    }),
    regression: objectOrNull(
      'Slowdown against the period before; null if there is none or too little data.',
      {
        beforeSeconds: described(number, 'Median in the period before.'),
        nowSeconds: described(number, 'Median in the window.'),
        stage: described(
          v.nullable(described(stageName, 'The stage.')),
          'The stage that grew most; null if no stage explains half of the difference.',
        ),
        stageGrewSeconds: described(figure, 'Growth of the stage in seconds.'),
        job: described(v.nullable(v.string()), 'The job of the stage that grew most.'),
        step: described(v.nullable(v.string()), 'The step of the job that grew most.'),
        since: objectOrNull('Start of the growth.', {
          deployment: described(reference, 'The first deployment with it.'),
          at: described(instant, 'Time of its success.'),
          pullRequests: described(v.array(integer), 'Numbers of the pull requests that it shipped.'),
          workflowChange: objectOrNull('A change to the workflow file in that deployment.', {
            path: described(v.string(), 'Path of the workflow file.'),
            sha: described(v.string(), 'The commit.'),
            url: described(v.string(), 'URL of the commit.'),
          }),
        }),
      },
    ),
  }),
  v.title('Report of the deploy latency guard'),
);

export type Report = v.InferOutput<typeof reportSchema>;
export type ReportedChange = v.InferOutput<typeof mergeset>;
export type ReportedDeployment = Report['deployments'][number];
/** The stages of one change. */
export type Waterfall = NonNullable<NonNullable<Report['stages']>['slowest']>;

/** The report of a run with several services. */
export const runReportSchema = v.pipe(
  v.strictObject({
    schemaVersion: described(
      v.literal(1),
      'Version of this format. It increases when a field is removed or changes its meaning.',
    ),
    repository: described(v.string(), 'The repository, as owner/name.'),
    baseBranch: described(v.string(), 'The branch that changes are merged into.'),
    generatedAt: described(instant, 'Time at which the report was created.'),
    window: object('The period whose merged changes are measured.', {
      from: described(instant, 'Start, included.'),
      to: described(instant, 'End, included.'),
    }),
    status: described(status, 'The worst verdict.'),
    units: described(
      v.array(reportSchema),
      'The report of each service, in the order of the configuration file.',
    ),
    untold: list('Services that could not be measured.', {
      service: described(v.nullable(v.string()), 'Name of the service.'),
      environment: described(v.string(), 'Its environment.'),
      reason: described(v.string(), 'Reason why it could not be measured.'),
    }),
    elsewhere: described(
      figure,
      'Number of changes in the window that touch no service; null if one service has all of them.',
    ),
  }),
  v.title('Report of the deploy latency guard for several services'),
);

export type RunReport = v.InferOutput<typeof runReportSchema>;
