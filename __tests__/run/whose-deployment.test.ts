import { describe, expect, test } from '@jest/globals';
import type { Report } from '../../src/report/contract.ts';
import type { Surroundings } from '../../src/config/surroundings.ts';
import { recordRun } from '../support/actions.ts';
import { ask } from '../support/ask.ts';
import { at, begun, day } from '../support/day.ts';

/** Guard mode takes the deployment from its event. */

/** Two changes in one slow deployment, and later ones that put nothing live. */
function team() {
  const made = begun();
  made.merge(1, at('10:00:00'));
  const sha = made.merge(2, at('10:05:00'));
  const [batch] = recordRun(made, sha, {
    id: 51,
    jobs: [{ name: 'deploy', from: at('10:40:00'), to: at('10:45:00') }],
  });
  const [again] = recordRun(made, sha, {
    id: 52,
    jobs: [{ name: 'deploy', from: at('11:00:00'), to: at('11:05:00') }],
  });
  const alone = made.merge(3, at('12:00:00'));
  const [failed] = recordRun(made, alone, {
    id: 53,
    jobs: [{ name: 'deploy', from: at('12:01:00'), to: at('12:02:00'), conclusion: 'failure' }],
  });
  return { made, sha, alone, batch: batch?.id ?? 0, again: again?.id ?? 0, failed: failed?.id ?? 0 };
}

/** Why no deployment is judged, as the report says it; `null`: one is, or nothing was asked about one. */
function whyNot({ remarks }: Report): string | null {
  const said = {
    none: / made no deployment to /,
    failure: /^The deployment of this event.* failed\.$/,
    running: /^The deployment of this event.* is still running\.$/,
    'nothing-new': /^The deployment of this event.* put no new change live\.$/,
  };
  return Object.entries(said).find(([, is]) => remarks.some(({ what }) => is.test(what)))?.[0] ?? null;
}

const FAIL_ON = { 'fail-on': 'drift,batch,slow', window: '20h', stages: 'none' };
const judged = async (surroundings: Partial<Surroundings>, inputs: Record<string, string> = {}) => {
  const { made } = team();
  const { report } = await ask(made.world, { ...day, inputs: { ...FAIL_ON, ...inputs }, surroundings });
  return {
    judged: report.judged,
    unjudged: whyNot(report),
    about: report.findings.filter((finding) => ['batch', 'slow'].includes(finding.kind)).length,
  };
};

describe('the deployment that guard mode judges', () => {
  const { sha, alone, batch, again, failed } = team();
  const event = (id: number) => ({
    eventName: 'deployment_status',
    eventDeployment: { id, environment: 'production' },
  });

  test('deployment_status: by its id', async () => {
    expect(await judged(event(batch))).toEqual({ judged: batch, unjudged: null, about: 3 });
  });

  test('workflow_run: by its run id against the log URLs', async () => {
    expect(await judged({ eventName: 'workflow_run', eventRun: 51, runId: 4242 })).toMatchObject({
      judged: batch,
    });
  });

  test('release: by its tag', async () => {
    const made = begun();
    const merged = made.merge(1, at('10:00:00'));
    for (const tag of ['v1', 'v2'])
      made.world.releases?.push({
        tag,
        sha: merged,
        createdAt: at('10:01:00'),
        publishedAt: at('10:05:00'),
        author: 'github-actions',
      });
    made.world.releases?.unshift({
      tag: 'v0',
      sha: made.world.commits[0]?.oid ?? '',
      createdAt: '2026-03-01T09:01:00Z',
      publishedAt: '2026-03-01T09:05:00Z',
      author: 'github-actions',
    });
    const told = async (tag: string) => {
      const { report } = await ask(made.world, {
        ...day,
        inputs: { window: '20h', 'deploy-source': 'releases' },
        surroundings: { eventName: 'release', tag },
      });
      return [report.judged, whyNot(report)];
    };
    const both = await Promise.all([told('v1'), told('v2')]);
    expect(both.map(([id]) => id).filter((id) => id !== null)).toHaveLength(1);
    expect(both).toContainEqual([null, 'nothing-new']);
  });

  test.each(['push', 'workflow_dispatch', 'repository_dispatch'])('%s: by this run', async (eventName) => {
    expect(await judged({ eventName, runId: 51, sha: alone })).toMatchObject({ judged: batch });
  });

  test('push: then by this commit; of several deployments of it the one that put something live', async () => {
    expect(await judged({ eventName: 'push', runId: 4242, sha })).toEqual({
      judged: batch,
      unjudged: null,
      about: 3,
    });
  });

  test("the event's deployment shipped nothing: no deployment is judged, not even the newest success", async () => {
    expect(await judged(event(again))).toEqual({ judged: null, unjudged: 'nothing-new', about: 0 });
  });

  test("the event's deployment failed: no deployment is judged", async () => {
    expect(await judged(event(failed))).toEqual({ judged: null, unjudged: 'failure', about: 0 });
    expect(await judged({ eventName: 'push', runId: 4242, sha: alone })).toEqual({
      judged: null,
      unjudged: 'failure',
      about: 0,
    });
  });

  test('the event made no deployment: no deployment is judged', async () => {
    expect(await judged({ eventName: 'push', runId: 4242, sha: 'f'.repeat(40) })).toEqual({
      judged: null,
      unjudged: 'none',
      about: 0,
    });
    expect(await judged({ eventName: 'workflow_run', eventRun: 99 })).toMatchObject({ unjudged: 'none' });
  });

  test('and that is said', async () => {
    const { made } = team();
    const { report, summary } = await ask(made.world, {
      ...day,
      inputs: FAIL_ON,
      surroundings: event(failed),
    });
    expect(report.remarks[0]?.what).toBe(`The deployment of this event (${failed}) failed.`);
    expect(JSON.stringify(summary)).toContain('The verdict covers the window only');
  });

  test('outside a workflow: the newest success, or the one of the same commit that put something live', async () => {
    expect(await judged({ eventName: '' })).toMatchObject({ judged: batch });
  });
});

test('the rollout made by this run is judged by what it put live, even if a later success put nothing live', async () => {
  const made = begun();
  made.merge(1, at('10:00:00'));
  const sha = made.merge(2, at('10:05:00'));
  recordRun(made, sha, {
    id: 51,
    jobs: [
      { name: 'deploy (a)', from: at('10:40:00'), to: at('10:43:00') },
      { name: 'deploy (b)', from: at('10:40:00'), to: at('10:44:00') },
      { name: 'deploy (c)', from: at('10:40:00'), to: at('10:45:00') },
    ],
  });
  const { report, failed } = await ask(made.world, {
    ...day,
    inputs: FAIL_ON,
    surroundings: { eventName: 'push', runId: 51, sha },
  });
  expect(failed).toBe(true);
  expect(report.judged).toBe(512);
  const kinds = report.findings
    .filter((finding) => finding.severity === 'error')
    .map((finding) => finding.kind);
  expect(kinds.sort()).toEqual(['batch', 'drift', 'slow', 'slow']);
});

test('three deployments of one commit from elsewhere: that which put it live is judged', async () => {
  const made = begun();
  made.merge(1, at('10:00:00'));
  const sha = made.merge(2, at('10:05:00'));
  const first = made.deploy(sha, at('10:44:00'));
  made.deploy(sha, at('10:50:00'));
  made.deploy(sha, at('10:55:00'));
  const { report, failed } = await ask(made.world, {
    ...day,
    inputs: FAIL_ON,
    surroundings: { eventName: 'push', runId: 4242, sha },
  });
  expect(report.judged).toBe(first.id);
  expect(failed).toBe(true);
});
