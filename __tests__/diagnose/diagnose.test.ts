import { describe, expect, test } from '@jest/globals';
import { suspectsIn } from '../../src/diagnose/suspects.ts';
import { NO_PIPELINES, type Pipelines } from '../../src/model/pipeline.ts';
import { diagnose, measure } from '../support/by-hand.ts';
import {
  at,
  deployment,
  facts,
  type HandQuestion,
  job,
  line,
  person,
  pipeline,
  question,
  run,
  eventOn,
} from '../support/facts.ts';

/** Run 20 deploys two changes. The deployment of run 30 fails. */
const history = facts(line(-100, 100, 200, 900), [
  deployment(1, 'c1', -90),
  deployment(2, 'c3', 300, { run: 20 }),
  deployment(3, 'c4', 910, { run: 30, statuses: [['FAILURE', 920]] }),
]);
const dispatched = (id: number, created: number) =>
  pipeline(
    run(id, created, [job('deploy', created, created + 60)], {
      event: 'workflow_dispatch',
      actor: person('ada'),
    }),
  );
const pushed = pipeline(
  run(20, 210, [job('test', 215, 300), job('deploy', 300, 360, { id: 2, created: 300 })]),
);

function diagnosed(
  pipelines: Partial<Pipelines>,
  options: Partial<HandQuestion> = {},
  { now = 2000, recorded = history } = {},
) {
  const settings = question(now, options);
  return diagnose(
    measure(recorded, settings),
    recorded,
    { ...NO_PIPELINES, ...pipelines },
    {
      ...settings,
      suspectsIn,
    },
  );
}

describe('the run of a deployment', () => {
  test('gives the deployment its trigger and its address', () => {
    const answer = diagnosed({ byDeployment: new Map([[2, pushed]]) });
    const fromRun = { trigger: 'push', url: 'https://github.com/acme/shop/actions/runs/20' };
    expect(answer.deployments[0]).toMatchObject(fromRun);
    expect(answer.judged).toMatchObject(fromRun);
    expect(answer.judged).toBe(answer.deployments[0]);
    expect(answer.deployments[1]).toMatchObject({ trigger: null, url: null });
  });

  test('does not replace the address of the deployment', () => {
    const recorded = facts(line(-100, 100), [
      deployment(1, 'c1', -90),
      deployment(2, 'c2', 300, { run: 20, url: 'https://deploys.example/2' }),
    ]);
    const answer = diagnosed({ byDeployment: new Map([[2, pushed]]) }, {}, { recorded });
    expect(answer.deployments[0]?.url).toBe('https://deploys.example/2');
  });

  test('does not make scheduled mode judge a deployment', () => {
    expect(diagnosed({ byDeployment: new Map([[2, pushed]]) }, { mode: 'scheduled' }).judged).toBeNull();
  });

  test('does not change findings about changes', () => {
    const late = diagnosed({}, {}, { now: 9000 });
    expect(late.findings.find((finding) => finding.kind === 'stuck')).toMatchObject({
      mergeset: { number: 4 },
    });
    expect(late.findings.find((finding) => finding.kind === 'stuck')).not.toHaveProperty('deployment');
  });
});

describe('evicted', () => {
  const evicted = (sha: string, id = 19) => ({ id, sha, url: '', at: at(150) });

  test('a replaced run for a change of a batch is a cause of the batch', () => {
    const answer = diagnosed({ evicted: [evicted('c2'), evicted('c9', 18)] });
    expect(answer.deployments[0]?.causes).toEqual([{ kind: 'evicted', run: 19, at: at(150) }]);
    expect(answer.findings.find((finding) => finding.kind === 'batch')).toMatchObject({
      causes: [{ kind: 'evicted', run: 19 }],
    });
  });

  test('a deployment that is not a batch has no cause', () => {
    expect(diagnosed({ evicted: [evicted('c2')] }, { maxBatch: 2 }).deployments[0]?.causes).toEqual([]);
    expect(diagnosed({}).deployments[0]?.causes).toEqual([]);
  });

  test('a replaced run comes after the other causes', () => {
    const recorded = facts(line(-100, 100, 101), [deployment(1, 'c1', -90), deployment(2, 'c3', 300)]);
    const answer = diagnosed({ evicted: [evicted('c2')] }, {}, { recorded });
    expect(answer.deployments[0]?.causes.map((cause) => cause.kind)).toEqual(['landed-together', 'evicted']);
  });
});

describe('by hand', () => {
  const manual = (...parameters: Parameters<typeof diagnosed>) =>
    diagnosed(...parameters).findings.flatMap((finding) =>
      finding.kind === 'manual' ? [[finding.deployment.id, finding.hand.by, finding.severity]] : [],
    );
  const both = { byDeployment: new Map([2, 3].map((id) => [id, dispatched(id * 10, id === 2 ? 300 : 910)])) };

  test('the judged deployment is reported with the person who started it', () => {
    expect(manual(both)).toEqual([[2, 'ada', 'warning']]);
    expect(manual(both, { failOn: new Set(['manual']) })).toEqual([[2, 'ada', 'error']]);
  });

  test('a failed deployment is not reported', () => {
    expect(manual(both, { event: eventOn(3) })).toEqual([]);
    expect(manual(both, { mode: 'scheduled' })).toEqual([[2, 'ada', 'warning']]);
  });

  test('other deployments are reported only in scheduled mode', () => {
    const recorded = facts(line(-100, 100, 200), [
      deployment(1, 'c1', -90),
      deployment(2, 'c2', 110, { run: 20 }),
      deployment(3, 'c3', 210, { run: 30 }),
    ]);
    const manualIn = (options: Partial<HandQuestion>) =>
      diagnosed({ byDeployment: new Map([[2, dispatched(20, 110)]]) }, options, { recorded }).findings.filter(
        (finding) => finding.kind === 'manual',
      );
    expect(manualIn({})).toEqual([]);
    expect(manualIn({ mode: 'pull-request' })).toEqual([]);
    expect(manualIn({ mode: 'scheduled' })).toMatchObject([{ deployment: { id: 2 } }]);
  });
});

describe('the diagnosis', () => {
  test('has stages and the critical path with stages on', () => {
    const answer = diagnosed({ byDeployment: new Map([[2, pushed]]) }).diagnosis;
    expect(answer?.stages?.staged.map((change) => change.mergeset.number)).toEqual([2, 3]);
    expect(answer?.path?.now.jobs.map((job) => job.job)).toEqual(['test', 'deploy']);
    expect(answer?.path?.before).toMatchObject({ runs: 0 });
  });

  test('has no stages, suspects and regression with stages off', () => {
    const answer = diagnosed({ byDeployment: new Map([[2, pushed]]) }, { withStages: false }).diagnosis;
    expect(answer).toMatchObject({ stages: null, path: null, suspects: [], regression: null });
  });

  test('adds unreadable pipelines to the gaps of the answer', () => {
    const gap = { what: 'Jobs', consequence: '', verdictAtRisk: false };
    expect(diagnosed({ gaps: [gap] }).gaps).toEqual([gap]);
  });
});

describe('a regression and the change of a workflow file', () => {
  /** Five changes in the window, of which the last three are slow, and five in the period before. */
  const times = [0, 1000, 2000, 3000, 4000];
  const commits = line(-100, ...times);
  const slow = facts(commits, [
    deployment(1, 'c1', -90),
    ...times.map((time, i) => deployment(i + 2, `c${i + 2}`, time + 300, { run: i + 2 })),
  ]);
  const runOf = (id: number, time: number, checks: number) =>
    pipeline(
      run(id, time, [
        job('test', time, time + checks, { id: 1 }),
        job('deploy', time + checks, time + 360, { id: 2, created: time + checks }),
      ]),
    );
  const pipelines: Pipelines = {
    ...NO_PIPELINES,
    byDeployment: new Map(times.map((time, i) => [i + 2, runOf(i + 2, time, i < 2 ? 60 : 300)])),
    earlierRuns: times.map((time, i) => ({
      pipeline: pipeline(run(100 + i, time - 9000, [job('deploy', time - 9000, time - 8940, { id: 1 })])),
      mergedAt: at(time - 9000),
      liveAt: at(time - 8940),
    })),
  };
  const regression = (fileChanges: Pipelines['fileChanges']) =>
    diagnosed({ ...pipelines, fileChanges }, {}, { now: 9000, recorded: slow }).diagnosis?.regression;
  const change = (sha: string) => ({ path: 'deploy.yml', sha, url: '' });

  test('names the workflow change that the first slow deployment shipped', () => {
    expect(regression([change('c4')])).toMatchObject({
      stage: 'checks',
      since: { deployment: 4, workflowChange: { sha: 'c4' } },
    });
  });

  test('ignores a workflow change that is not live', () => {
    expect(regression([change('nowhere')])).toMatchObject({ since: { deployment: 4, workflowChange: null } });
    expect(regression([])).toMatchObject({ since: { workflowChange: null } });
  });
});
