import { describe, expect, test } from '@jest/globals';
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

/** Two changes in one deployment of run 20; then a failed one of run 30. */
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

function diagnosed(pipelines: Partial<Pipelines>, options: Partial<HandQuestion> = {}, now = 2000) {
  const asked = question(now, options);
  return diagnose(measure(history, asked), history, { ...NO_PIPELINES, ...pipelines }, asked);
}

describe('what started a deployment', () => {
  test('is told with it, and where else it stands', () => {
    const it = diagnosed({ byDeployment: new Map([[2, pushed]]) });
    const known = { trigger: 'push', url: 'https://github.com/acme/shop/actions/runs/20' };
    expect(it.deployments[0]).toMatchObject(known);
    expect(it.judged).toMatchObject(known);
    expect(it.judged).toBe(it.deployments[0]);
    expect(it.deployments[1]).toMatchObject({ trigger: null, url: null });
  });

  test('its own address stays', () => {
    const own = facts(line(-100, 100), [
      deployment(1, 'c1', -90),
      deployment(2, 'c2', 300, { run: 20, url: 'https://deploys.example/2' }),
    ]);
    const asked = question(2000);
    const it = diagnose(
      measure(own, asked),
      own,
      { ...NO_PIPELINES, byDeployment: new Map([[2, pushed]]) },
      asked,
    );
    expect(it.deployments[0]?.url).toBe('https://deploys.example/2');
  });

  test('nothing is judged where nothing was', () => {
    expect(diagnosed({ byDeployment: new Map([[2, pushed]]) }, { mode: 'scheduled' }).judged).toBeNull();
  });

  test('findings of changes stay as they are', () => {
    const late = diagnosed({}, {}, 9000);
    expect(late.findings.find((finding) => finding.kind === 'stuck')).toMatchObject({
      mergeset: { number: 4 },
    });
    expect(late.findings.find((finding) => finding.kind === 'stuck')).not.toHaveProperty('deployment');
  });
});

describe('evicted', () => {
  const evicted = (sha: string, id = 19) => ({ id, sha, url: '', at: at(150) });

  test('a run for one of the changes of a batch is one of its causes', () => {
    const it = diagnosed({ evicted: [evicted('c2'), evicted('c9', 18)] });
    expect(it.deployments[0]?.causes).toEqual([{ kind: 'evicted', run: 19, at: at(150) }]);
    expect(it.findings.find((finding) => finding.kind === 'batch')).toMatchObject({
      causes: [{ kind: 'evicted', run: 19 }],
    });
  });

  test('a deployment that is no batch has no cause', () => {
    expect(diagnosed({ evicted: [evicted('c2')] }, { maxBatch: 2 }).deployments[0]?.causes).toEqual([]);
    expect(diagnosed({}).deployments[0]?.causes).toEqual([]);
  });

  test('it comes after the causes that were known', () => {
    const together = facts(line(-100, 100, 101), [deployment(1, 'c1', -90), deployment(2, 'c3', 300)]);
    const asked = question(2000);
    const it = diagnose(
      measure(together, asked),
      together,
      { ...NO_PIPELINES, evicted: [evicted('c2')] },
      asked,
    );
    expect(it.deployments[0]?.causes.map((cause) => cause.kind)).toEqual(['landed-together', 'evicted']);
  });
});

describe('by hand', () => {
  const manual = (...given: Parameters<typeof diagnosed>) =>
    diagnosed(...given).findings.flatMap((finding) =>
      finding.kind === 'manual' ? [[finding.deployment.id, finding.hand.by, finding.severity]] : [],
    );
  const both = { byDeployment: new Map([2, 3].map((id) => [id, dispatched(id * 10, id === 2 ? 300 : 910)])) };

  test('the deployment that is judged, by who started it', () => {
    expect(manual(both)).toEqual([[2, 'ada', 'warning']]);
    expect(manual(both, { failOn: new Set(['manual']) })).toEqual([[2, 'ada', 'error']]);
  });

  test('a failed one put nothing live, by hand or not', () => {
    expect(manual(both, { event: eventOn(3) })).toEqual([]);
    expect(manual(both, { mode: 'scheduled' })).toEqual([[2, 'ada', 'warning']]);
  });

  test('in guard mode no other than that one; on a pull request none', () => {
    const older = facts(line(-100, 100, 200), [
      deployment(1, 'c1', -90),
      deployment(2, 'c2', 110, { run: 20 }),
      deployment(3, 'c3', 210, { run: 30 }),
    ]);
    const asked = (options: Partial<HandQuestion>) => {
      const it = question(2000, options);
      const pipelines = { ...NO_PIPELINES, byDeployment: new Map([[2, dispatched(20, 110)]]) };
      return diagnose(measure(older, it), older, pipelines, it).findings.filter(
        (finding) => finding.kind === 'manual',
      );
    };
    expect(asked({})).toEqual([]);
    expect(asked({ mode: 'pull-request' })).toEqual([]);
    expect(asked({ mode: 'scheduled' })).toMatchObject([{ deployment: { id: 2 } }]);
  });
});

describe('where the time goes', () => {
  test('stages, paths and suspects where they are wanted', () => {
    const it = diagnosed({ byDeployment: new Map([[2, pushed]]) }).diagnosis;
    expect(it?.stages?.staged.map((change) => change.mergeset.number)).toEqual([2, 3]);
    expect(it?.path?.now.jobs.map((job) => job.job)).toEqual(['test', 'deploy']);
    expect(it?.path?.before).toMatchObject({ runs: 0 });
  });

  test('nothing of it where they are not, nor what grew', () => {
    const it = diagnosed({ byDeployment: new Map([[2, pushed]]) }, { withStages: false }).diagnosis;
    expect(it).toMatchObject({ stages: null, path: null, suspects: [], regression: null });
  });

  test('what could not be read of it is a gap of the answer', () => {
    const gap = { what: 'Jobs', consequence: '', verdictAtRisk: false };
    expect(diagnosed({ gaps: [gap] }).gaps).toEqual([gap]);
  });
});

describe('what grew, since which change of a workflow file', () => {
  /** Five changes of the window, slow from the third on; five of the period before. */
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
    before: times.map((time, i) => ({
      pipeline: pipeline(run(100 + i, time - 9000, [job('deploy', time - 9000, time - 8940, { id: 1 })])),
      mergedAt: at(time - 9000),
      liveAt: at(time - 8940),
    })),
  };
  const regression = (fileChanges: Pipelines['fileChanges']) => {
    const asked = question(9000);
    return diagnose(measure(slow, asked), slow, { ...pipelines, fileChanges }, asked).diagnosis?.regression;
  };
  const change = (sha: string) => ({ path: 'deploy.yml', sha, url: '' });

  test('by the deployment that shipped it', () => {
    expect(regression([change('c4')])).toMatchObject({
      stage: 'checks',
      since: { deployment: 4, workflowChange: { sha: 'c4' } },
    });
  });

  test('one that is not live, or not known, changed nothing', () => {
    expect(regression([change('nowhere')])).toMatchObject({ since: { deployment: 4, workflowChange: null } });
    expect(regression([])).toMatchObject({ since: { workflowChange: null } });
  });
});
