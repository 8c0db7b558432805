import * as v from 'valibot';
import { SEEN_STATES } from '../model/seen.ts';
import { FINDING_KINDS, MODES, STAGES, STATISTICS, STATUSES, WAITS } from '../model/terms.ts';

/**
 * The report's format. `npm run docs` writes the JSON Schema (`docs/report.schema.json`) and the table of fields from it.
 * Names are in camelCase, instants in ISO 8601 UTC, times in seconds.
 */

const field = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));
const object = <E extends v.ObjectEntries>(text: string, entries: E) => field(v.strictObject(entries), text);
const objectOrNull = <E extends v.ObjectEntries>(text: string, entries: E) =>
  field(v.nullable(v.strictObject(entries)), text);
const list = <E extends v.ObjectEntries>(text: string, entries: E) =>
  field(v.array(v.strictObject(entries)), text);
const nullable = <S extends v.GenericSchema>(schema: S, text: string) => field(v.nullable(schema), text);
const optional = <S extends v.GenericSchema>(schema: S, text: string) => v.optional(field(schema, text));
const string = (text: string) => field(v.string(), text);
/** True, or omitted. */
const flag = (text: string) => optional(v.literal(true), text);
/** A date that exists, in UTC. */
const instant = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.check(
    (text) => Number.isFinite(Date.parse(text)) && new Date(text).toISOString().startsWith(text.slice(0, 19)),
  ),
);
/** Upper bound of all counts and times. More seconds than this are not a valid date. */
const LARGEST = 1e12;
const isSmall = v.check<number, string>((value) => Math.abs(value) <= LARGEST, 'The number is too large.');
const signed = v.pipe(v.number(), isSmall);
const number = v.pipe(v.number(), v.minValue(0), isSmall);
const integer = v.pipe(v.number(), v.integer(), v.minValue(0), isSmall);
const figure = v.nullable(number);
/** Identifies a deployment or a change: its number, or its name if it has no number. */
const reference = v.union([integer, v.string()]);
const deploymentId = v.nullable(reference);
const status = v.picklist(STATUSES);
const confidence = v.nullable(v.picklist(['sure', 'likely']));
const outcome = v.picklist(['success', 'failure', 'running']);
const stageName = v.picklist(STAGES);
const median = field(number, 'Median in seconds.');

const leadTimeEntries = {
  count: field(integer, 'Number of changes that count.'),
  deployed: field(integer, 'Number of them that are live.'),
  pending: field(integer, 'Number of them that are not live yet.'),
  p50: field(figure, 'Median in seconds; null if unknown.'),
  p75: field(figure, '75th percentile in seconds.'),
  p90: field(figure, '90th percentile in seconds.'),
  p95: field(figure, '95th percentile in seconds.'),
  mean: field(figure, 'Mean in seconds.'),
  max: field(figure, 'Longest time in seconds.'),
};
const leadTime = v.pipe(
  v.strictObject(leadTimeEntries),
  v.check(({ count, deployed, pending }) => count === deployed + pending),
);
const plainVotes = v.strictObject({
  of: field(integer, 'Total number.'),
  over: field(integer, 'Number of them over the limit.'),
});
const votes = v.strictObject({
  ...plainVotes.entries,
  chance: field(
    number,
    'Probability of this many or more over the limit if each were as likely over as under.',
  ),
});
const changePoint = v.strictObject({
  deployment: field(deploymentId, "The deployment's id; null if only its run is known."),
  at: field(instant, 'Time of its success.'),
});
const workflowRun = { id: field(integer, "GitHub's id."), url: string('URL of the run.') };
const wait = {
  kind: field(v.picklist(WAITS), 'Kind of obstacle.'),
  run: objectOrNull('The run that shows it.', workflowRun),
  reviewers: field(v.array(v.string()), 'Logins and teams that can approve the deployment.'),
  failedAt: nullable(v.string(), 'The step that failed, or its job if no step is known.'),
  next: objectOrNull('A newer run that deploys its commit, too.', workflowRun),
};
const mergeset = v.strictObject({
  kind: field(v.picklist(['pull-request', 'direct-push']), 'A merged pull request or a direct push.'),
  number: nullable(integer, "The pull request's number; null for a direct push."),
  title: string('The title.'),
  author: nullable(v.string(), "The author's login, or the name in the commit."),
  bot: flag('True if the author is a bot; otherwise omitted.'),
  url: string('URL of the pull request or the commit.'),
  mergeCommit: string('The commit that brought it to the base branch.'),
  firstCommitAt: nullable(instant, 'Author date of its oldest commit.'),
  mergedAt: field(instant, 'Start of its lead time: the merge or the push.'),
  deployment: nullable(reference, 'The deployment that shipped it; null while pending.'),
  deployedAt: nullable(instant, 'Time at which it went live; null if pending or unknown.'),
  leadTimeSeconds: field(figure, 'Time from merge to live; null while pending or untimed.'),
  waitingSeconds: field(figure, 'Waiting time so far; null unless pending.'),
  runningDeployment: optional(
    v.strictObject({
      id: field(reference, "The deployment's id."),
      createdAt: field(instant, 'Time of its creation.'),
    }),
    'The newest running deployment that contains it, while it is pending.',
  ),
  waitingFor: v.optional(
    object('What it waits for. Only if it is overdue and `comment` is `overdue`.', wait),
  ),
  untimed: field(v.boolean(), 'Live, but at an unknown time.'),
  counted: optional(v.literal(false), 'False if the statistic excludes it; otherwise omitted.'),
  why: optional(v.string(), 'Reason for the exclusion.'),
  ridesAlong: flag('True if it starts no deployment and goes live with the next change that does.'),
  waitsForIdleRegions: flag('True if it is live in all regions but idle ones (`idleRegions`).'),
  frozenSeconds: optional(number, 'Seconds of its time that fell into freezes.'),
  notSeen: flag('True if it is recorded as live for longer than the limit and production does not run it.'),
  codeToLiveSeconds: optional(figure, 'Time from its first commit to live.'),
  revert: flag('True if it reverts another change.'),
  stages: optional(
    v.array(v.nullable(instant)),
    'Time at which it was live in each stage before production.',
  ),
  notes: field(v.array(v.string()), 'Notes for people.'),
});
const job = {
  workflow: string('Name of the workflow.'),
  job: string('Name of the job.'),
};
const onPath = {
  runs: field(integer, 'Number of runs with it on the critical path.'),
  medianSeconds: median,
  share: field(number, "Share of these runs' time from merge to live, from 0 to 1."),
  beforeSeconds: field(figure, 'Median in the period before.'),
};
const cause = optional(v.string(), 'Concurrency group or matrix limit that it waited for.');
const waterfall = (text: string) =>
  objectOrNull(text, {
    mergeset: field(reference, 'The change.'),
    deployment: field(reference, 'The deployment that shipped it.'),
    segments: list('Its stages in order, without gaps; they add up to the lead time.', {
      stage: field(stageName, 'The stage.'),
      name: nullable(v.string(), 'Name of the job.'),
      from: field(instant, 'Start of the stage.'),
      seconds: field(number, 'Length of the stage in seconds.'),
      cause,
    }),
  });

export const reportSchema = v.pipe(
  v.strictObject({
    schemaVersion: field(
      v.literal(1),
      'Version of this format. It increases when a field is removed or changes its meaning.',
    ),
    repository: string('The repository, as owner/name.'),
    repositoryUrl: string('URL of the repository.'),
    environment: string('The environment that is measured.'),
    baseBranch: string('The branch that changes are merged into.'),
    generatedAt: field(instant, 'Time at which the report was created.'),
    mode: field(v.picklist(MODES), 'The mode of the run.'),
    window: field(
      v.pipe(
        v.strictObject({
          from: field(instant, 'Start, included.'),
          to: field(instant, 'End, included. Pending changes wait until this time.'),
          askedFrom: optional(instant, 'Requested start, if the window was widened to contain ten changes.'),
        }),
        v.check(({ from, to }) => from < to),
      ),
      'The period whose merged changes are measured.',
    ),
    target: object('The target of the verdict.', {
      seconds: field(number, 'Merge-to-live time to aim for, in seconds.'),
      tolerance: field(number, 'Tolerance above the target as a fraction: 0.25 is 25%.'),
      thresholdSeconds: field(number, 'The limit: target × (1 + tolerance).'),
      statistic: field(v.picklist(STATISTICS), 'The statistic that is compared with the target.'),
    }),
    policy: object('Other limits.', {
      minSamples: field(integer, 'Minimum number of changes for a verdict.'),
      maxBatch: field(integer, 'A deployment with more changes is a batch.'),
    }),
    status: field(status, 'The verdict.'),
    reason: field(
      v.picklist(['measured', 'too-few', 'too-many-waiting', 'unreadable']),
      'Measured, or the reason why there is no verdict.',
    ),
    sentence: string('The verdict in words, on one line.'),
    leadTimeSeconds: field(figure, 'The statistic in seconds; null if unknown.'),
    leadTimeAtLeastSeconds: field(
      figure,
      'Lower bound of the statistic, if its exact value is unknown; otherwise null.',
    ),
    driftPercent: nullable(signed, '(statistic − target) / target, in percent.'),
    confidence: field(confidence, 'Certainty of a drift: sure or likely; null without a drift.'),
    votes: object(
      'Evidence for a drift: deployments of the window that shipped a change. The oldest change that has waited past the limit counts as one more.',
      {
        ...votes.entries,
        changes: field(plainVotes, 'The same numbers for changes.'),
      },
    ),
    alert: object('The alert, derived from past deployments.', {
      on: nullable(v.boolean(), 'On from the first sure drift until lead time recovers; null if unknown.'),
      since: objectOrNull('Start of the alert; null while it is off.', {
        at: field(instant, 'Time at which the drift was first sure.'),
        deployment: field(deploymentId, 'The newest deployment at that time.'),
        orBefore: field(v.boolean(), 'True if it may have started earlier, before the data that was read.'),
      }),
    }),
    alerts: object('Past alerts.', {
      from: nullable(instant, 'Start of the record; null if earlier data was not read.'),
      all: list('The alerts, oldest first.', {
        enteredAt: field(instant, 'Time at which the drift was first sure.'),
        deployment: field(deploymentId, 'The newest deployment at that time.'),
        orBefore: field(v.boolean(), 'True if it may have started earlier, before the data that was read.'),
        by: optional(
          v.picklist(['votes', 'changes', 'waiting', 'lasting']),
          'What made the drift sure: votes of deployments, their changes, changes that wait, or four windows in a row.',
        ),
        votes: field(votes, 'Evidence at the start of the alert.'),
        leftAt: nullable(instant, 'Time at which it ended; null while it is on.'),
        left: nullable(
          v.picklist(['on-target', 'under-limit', 'not-sure']),
          'Reason for the end: back at the target, clearly under the limit, or no drift for at least four weeks.',
        ),
        borneOut: nullable(
          v.boolean(),
          'Whether most of the next ten deployments were over the limit; null if it is too early to say.',
        ),
      }),
    }),
    budget: objectOrNull('The error budget; null without an objective.', {
      objective: field(number, 'Share of changes that should be live within the limit, from 0 to 1.'),
      changes: field(integer, 'Number of changes in the last 28 days that are live or over the limit.'),
      late: field(integer, 'Number of them over the limit, including those that still wait.'),
      share: field(figure, 'Share that was live within the limit, from 0 to 1.'),
      left: nullable(signed, 'Remaining error budget: 1 is all of it, below 0 it is overspent.'),
      burn: object(
        'Burn rate, as a multiple of the rate that the objective allows; null if there are fewer deployments.',
        {
          of5: field(figure, 'Rate over the last 5 deployments.'),
          of20: field(figure, 'Rate over the last 20 deployments.'),
        },
      ),
      spent: field(v.boolean(), 'True if the budget is certainly spent (exact binomial test, 5%).'),
      burning: field(v.boolean(), 'True if both rates are at least 3.'),
      chance: field(number, 'Probability of this many late changes or more if the objective were met.'),
    }),
    change: objectOrNull("Slowdown against the team's own past; null if there is none or too little data.", {
      what: nullable(stageName, 'The stage that became slower; null if it is the lead time in total.'),
      stage: nullable(stageName, 'The stage that became slower at the same time.'),
      beforeSeconds: field(number, 'Median before the slowdown.'),
      afterSeconds: field(number, 'Median since the slowdown.'),
      deployments: object('Number of deployments behind each median.', {
        before: field(integer, 'Deployments before.'),
        after: field(integer, 'Deployments since.'),
      }),
      p: field(number, "P-value of Pettitt's test."),
      noticedAt: field(instant, 'Time at which it could first be detected. It is reported for 28 days.'),
      lastGood: field(changePoint, 'The last deployment before the slowdown.'),
      firstBad: field(changePoint, 'The first deployment of the slowdown.'),
      pullRequests: field(v.array(integer), 'Numbers of the pull requests that went live in between.'),
      files: nullable(
        v.array(
          v.strictObject({
            path: string('Path of the file.'),
            kind: field(v.picklist(['workflow', 'lock', 'image']), 'Type of the file.'),
          }),
        ),
        'Pipeline files that these pull requests changed; null if unknown.',
      ),
    }),
    weeks: nullable(
      v.array(
        v.strictObject({
          from: field(instant, 'Start of the week, excluded.'),
          to: field(instant, 'End of the week, included. Values are as known at this time.'),
          status: field(status, 'Verdict at the end of the week.'),
          leadTimeSeconds: field(figure, 'The statistic at the end of the week.'),
          leadTimeAtLeastSeconds: field(figure, 'Lower bound of the statistic.'),
          confidence: field(confidence, 'Certainty of a drift then.'),
          oldestWaitingSeconds: optional(
            figure,
            'How long the oldest pending change had waited; null if none was pending.',
          ),
          alert: nullable(v.boolean(), 'Whether the alert was on.'),
          deployments: field(integer, 'Number of successful deployments in the week.'),
          batches: field(integer, 'Number of them that were batches.'),
        }),
      ),
      'Past weeks, oldest first; null unless "weeks" is set.',
    ),
    leadTime: field(
      leadTime,
      'Lead times as Kaplan–Meier quantiles. Mean and max are lower bounds while a change is pending.',
    ),
    frozen: flag('True if the window ends in a freeze.'),
    service: optional(v.string(), 'The service, if a configuration file names services.'),
    regions: optional(v.array(v.string()), 'The regions, if a service has several environments.'),
    idleRegions: v.optional(
      list(
        'Regions that changes wait for, and that get no deployments any more; omitted if there are none.',
        {
          name: string('The environment.'),
          since: field(instant, 'Creation of its last deployment.'),
        },
      ),
    ),
    stopped: v.optional(
      object(
        'No deployment was tried for several times the usual interval, although changes were merged. Omitted otherwise.',
        {
          since: field(instant, 'Creation of the last deployment.'),
          reason: string('The same for people, with the options to set if they are recorded elsewhere.'),
        },
      ),
    ),
    seen: v.optional(
      list('Commits that production runs, one for each address of `live-url`; omitted if it was not asked.', {
        region: optional(v.string(), 'The region; omitted if the service has one address.'),
        state: field(
          v.picklist(SEEN_STATES),
          'Its relation to the newest record of success. `recorded`: the same changes. `newer`: its deployment is still running. `unknown`: no commit could be read.',
        ),
        commit: nullable(v.string(), 'The commit that production runs; null if unknown.'),
        pullRequest: nullable(integer, 'The pull request that this commit merged.'),
        at: field(instant, 'Time of the answer.'),
        recorded: objectOrNull('The newest record of success; null if there is none.', {
          commit: string('Its commit.'),
          pullRequest: nullable(integer, 'The pull request that this commit merged.'),
          deployment: field(reference, 'Its deployment.'),
          at: field(instant, 'Time of its success.'),
        }),
        behind: nullable(
          integer,
          'Number of changes that the record claims and production does not run, among those that were read; null if unknown.',
        ),
        sentence: string('The comparison in words, on one line.'),
      }),
    ),
    codeToLive: v.optional(
      object('Times from the first commit to live.', {
        ...leadTimeEntries,
        undated: field(
          integer,
          'Number of changes without a usable first commit: unknown, or dated after the merge.',
        ),
      }),
    ),
    way: v.optional(
      object('The promotion path through the stages, if there are any.', {
        steps: list('Steps from one stage to the next.', {
          from: string('Start of the step: merge, or a stage.'),
          to: string('End of the step: a stage, or live.'),
          seconds: field(v.array(number), 'Time of each change that made the step.'),
        }),
        skipped: list('Changes that went live without passing a stage.', {
          mergeCommit: string('The change.'),
          stage: string('The skipped stage.'),
        }),
      }),
    ),
    splits: v.optional(
      list('Lead times by label.', {
        by: string('The pattern from "splits", such as label:team/*.'),
        groups: list('One group per label. A change with several labels is in each.', {
          name: string('The label, or unassigned.'),
          leadTime: field(leadTime, 'Lead times of the group.'),
        }),
      }),
    ),
    mergesets: field(v.array(mergeset), 'Changes merged in the window, oldest first.'),
    earlier: field(
      v.array(mergeset),
      'Changes merged before the window that one of its deployments shipped, or that still wait.',
    ),
    judged: field(deploymentId, 'The deployment that guard mode judges; null if there is none.'),
    deployments: list('Deployments that succeeded, failed or ran in the window, oldest first.', {
      id: field(
        reference,
        "GitHub's deployment id, the run's id, or the release's tag. With several parts, the id of the last one.",
      ),
      sha: string('The commit.'),
      createdAt: field(instant, 'Time of its creation.'),
      succeededAt: nullable(instant, 'Time of its first success.'),
      at: optional(instant, 'Time at which it failed or was last seen, if it has no time of success.'),
      outcome: field(outcome, 'The outcome.'),
      mergesets: field(
        v.array(field(reference, "A pull request's number, or a direct push's commit.")),
        'All changes that it shipped, including those merged before the window.',
      ),
      authors: field(v.array(v.string()), 'Authors of these changes.'),
      batched: field(v.boolean(), 'True if it shipped more changes than max-batch.'),
      why: optional(v.string(), 'Reason for the batch.'),
      assumed: field(v.boolean(), "True if it is this run's own deployment, which counts as successful now."),
      redeploy: field(v.boolean(), 'True if its commit was already deployed.'),
      rollback: field(v.boolean(), 'True if its commit is an ancestor of the live one.'),
      race: flag(
        'True if it overlapped with the deployment of the newer commit that it replaced; otherwise omitted.',
      ),
      seed: field(v.boolean(), "True if it is the environment's first success."),
      trigger: nullable(v.string(), 'The event that started it.'),
      url: nullable(v.string(), 'URL of the run or the release.'),
      run: v.optional(
        object('The workflow run that created it, if the run was read.', {
          id: field(integer, "GitHub's id."),
          attempt: field(integer, 'Number of its last attempt.'),
          workflow: string('Name of the workflow.'),
          url: string('URL of the run.'),
        }),
      ),
      notes: field(v.array(v.string()), 'Notes for people.'),
      declared: flag(
        'True if it is declared in a configuration and nothing proves that it runs; otherwise omitted.',
      ),
      failedInGuard: flag(
        "True if GitHub records it as failed, but only the guard's own step failed; otherwise omitted.",
      ),
      records: optional(
        integer,
        'Number of deployments that a controller, such as Argo CD, recorded for the commit; omitted if there is only one.',
      ),
      parts: v.optional(
        list('The jobs of one run that deploy the commit together; omitted if there is only one.', {
          id: field(reference, "GitHub's id."),
          job: nullable(v.string(), 'The job that created it; null if unknown.'),
          outcome: field(outcome, 'The outcome.'),
          createdAt: field(instant, 'Time of its creation.'),
          succeededAt: nullable(instant, 'Time of its first success.'),
        }),
      ),
      waitsFor: optional(
        v.array(v.string()),
        'Regions without this commit, if nothing is running; the outcome is running. Otherwise omitted.',
      ),
    }),
    findings: list('The findings.', {
      kind: field(v.picklist(FINDING_KINDS), 'Kind of finding.'),
      severity: field(
        v.picklist(['notice', 'warning', 'error']),
        'Severity; error if fail-on names the kind.',
      ),
      message: string('The finding in words, on one line.'),
      subject: string('Subject: the window, a deployment or a change.'),
      evidence: field(v.record(v.string(), v.unknown()), 'Figures behind the finding.'),
    }),
    remarks: list('Remarks on how to read the numbers.', {
      what: string('The remark.'),
      consequence: string('Its meaning for the numbers, or the setting that changes it.'),
      yaml: optional(v.string(), 'YAML to paste; omitted if there is none.'),
      isForIssue: flag('True if the weekly issue repeats it.'),
    }),
    completeness: object('Completeness of the data.', {
      complete: field(v.boolean(), 'Whether all data that the report depends on was read.'),
      gaps: list('Data that could not be read.', {
        what: string('The missing data.'),
        consequence: string('Its effect on the report.'),
        verdictAtRisk: field(
          v.boolean(),
          'Whether the verdict could be wrong without it. Then there is none.',
        ),
      }),
    }),
    stages: objectOrNull('Time by stage; null with "stages: none".', {
      shipped: field(integer, 'Number of deployments that shipped a change with a known lead time.'),
      opened: field(integer, 'Number of them with known stages.'),
      inActions: field(
        v.boolean(),
        'Whether a workflow run that could be read created at least one of them.',
      ),
      rows: list('One row per stage.', {
        stage: field(stageName, 'The stage.'),
        medianSeconds: median,
        p90Seconds: field(number, '90th percentile in seconds.'),
        share: field(number, 'Share of all time from merge to live, from 0 to 1.'),
        beforeSeconds: field(figure, 'Median in the period before.'),
      }),
      mergesets: list('Changes with known stages, including those merged before the window.', {
        mergeset: field(reference, 'The change.'),
        deployment: field(reference, 'The deployment that shipped it.'),
        leadTimeSeconds: field(number, 'Lead time in seconds.'),
        seconds: field(
          v.strictObject(v.entriesFromList(STAGES, v.optional(number))),
          'Seconds by stage; they add up to the lead time.',
        ),
        segments: v.optional(
          list('Its stages in order, from the merge on.', {
            stage: field(stageName, 'The stage.'),
            seconds: field(number, 'Length of the stage in seconds.'),
            name: optional(v.string(), 'Name of the job.'),
            cause,
          }),
        ),
      }),
      jobs: list('Jobs on the critical path.', { ...job, ...onPath }),
      steps: list('Steps on the critical path.', {
        ...job,
        step: string('Name of the step.'),
        ...onPath,
      }),
      slowest: waterfall('Stages of the slowest change.'),
      median: waterfall('Stages of the median change.'),
    }),
    suspects: list('Suspects: likely causes of slow deployments, the largest saving first.', {
      rule: string('Id of the rule.'),
      title: string('The suspect in words.'),
      where: string('The step, job or stage.'),
      medianSeconds: median,
      times: field(integer, 'Number of runs that show it.'),
      share: field(number, 'Share of all time from merge to live, from 0 to 1.'),
      saving: object('Likely saving per deployment. Jobs that run in parallel limit it.', {
        low: field(number, 'Lower end, in seconds.'),
        high: field(number, 'Upper end, in seconds.'),
      }),
      advice: string('Advice.'),
      yaml: nullable(v.string(), 'YAML to paste.'),
      diff: optional(v.string(), 'Diff of the workflow file; omitted if there is none.'),
      doubt: optional(
        v.string(),
        'What would make it wrong and the files do not show; omitted if there is nothing.',
      ),
      runs: field(v.array(v.string()), 'URLs of up to three runs that show it.'),
    }),
    regression: objectOrNull(
      'Slowdown against the period before; null if there is none or too little data.',
      {
        beforeSeconds: field(number, 'Median in the period before.'),
        nowSeconds: field(number, 'Median in the window.'),
        stage: nullable(
          field(stageName, 'The stage.'),
          'The stage that grew most; null if no stage explains half of the difference.',
        ),
        stageGrewSeconds: field(figure, 'Growth of the stage in seconds.'),
        job: nullable(v.string(), 'The job of the stage that grew most.'),
        step: nullable(v.string(), 'The step of the job that grew most.'),
        since: objectOrNull('Start of the growth.', {
          deployment: field(reference, 'The first deployment with it.'),
          at: field(instant, 'Time of its success.'),
          pullRequests: field(v.array(integer), 'Numbers of the pull requests that it shipped.'),
          workflowChange: objectOrNull('A change to the workflow file in that deployment.', {
            path: string('Path of the workflow file.'),
            sha: string('The commit.'),
            url: string('URL of the commit.'),
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
    schemaVersion: field(
      v.literal(1),
      'Version of this format. It increases when a field is removed or changes its meaning.',
    ),
    repository: string('The repository, as owner/name.'),
    baseBranch: string('The branch that changes are merged into.'),
    generatedAt: field(instant, 'Time at which the report was created.'),
    window: object('The period that was asked for. The window of a service may be wider.', {
      from: field(instant, 'Start, included.'),
      to: field(instant, 'End, included.'),
    }),
    status: field(status, 'The worst verdict.'),
    units: field(
      v.pipe(v.array(reportSchema), v.minLength(1)),
      'The report of each service, in the order of the configuration file.',
    ),
    untold: list('Services that could not be measured.', {
      service: nullable(v.string(), 'Name of the service.'),
      environment: string('Its environment.'),
      reason: string('Reason why it could not be measured.'),
    }),
    elsewhere: field(
      figure,
      'Number of changes in the window that touch no service; null if one service has all of them.',
    ),
  }),
  v.title('Report of the deploy latency guard for several services'),
);

export type RunReport = v.InferOutput<typeof runReportSchema>;
