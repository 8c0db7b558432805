import { describe, expect, test } from '@jest/globals';
import type { Report } from '../../src/report/contract.ts';
import type { Surroundings } from '../../src/config/surroundings.ts';
import { recordRun } from '../support/actions.ts';
import { ask, summaryText } from '../support/ask.ts';
import { at, begun, day } from '../support/day.ts';

/** How guard mode finds the deployment of its event. The names are those in docs/attribution.md. */

/** A team with two changes in one slow deployment, then a redeploy and a failed deployment. */
function teamWithBatch() {
  const team = begun();
  team.merge(1, at('10:00:00'));
  const sha = team.merge(2, at('10:05:00'));
  const [batch] = recordRun(team, sha, {
    id: 51,
    jobs: [{ name: 'deploy', from: at('10:40:00'), to: at('10:45:00') }],
  });
  const [redeploy] = recordRun(team, sha, {
    id: 52,
    jobs: [{ name: 'deploy', from: at('11:00:00'), to: at('11:05:00') }],
  });
  const failedSha = team.merge(3, at('12:00:00'));
  const [failed] = recordRun(team, failedSha, {
    id: 53,
    jobs: [{ name: 'deploy', from: at('12:01:00'), to: at('12:02:00'), conclusion: 'failure' }],
  });
  return {
    team,
    sha,
    failedSha,
    batch: batch?.id ?? 0,
    redeploy: redeploy?.id ?? 0,
    failed: failed?.id ?? 0,
  };
}

/** The reason in the remarks why no deployment is judged; `null` without such a remark. */
function unjudgedReason({ remarks }: Report): string | null {
  const patterns = {
    none: / made no deployment to /,
    failure: /^The deployment of this event.* failed\.$/,
    running: /^The deployment of this event.* is still running\.$/,
    'nothing-new': /^The deployment of this event.* put no new change live\.$/,
  };
  const reason = Object.entries(patterns).find(([, pattern]) =>
    remarks.some(({ what }) => pattern.test(what)),
  );
  return reason?.[0] ?? null;
}

const FAIL_ON = { 'fail-on': 'drift,batch,slow', window: '20h', stages: 'none' };
const judgedFor = async (surroundings: Partial<Surroundings>) => {
  const { report } = await ask(teamWithBatch().team.world, { ...day, inputs: FAIL_ON, surroundings });
  return {
    judged: report.judged,
    unjudged: unjudgedReason(report),
    findings: report.findings.filter((finding) => ['batch', 'slow'].includes(finding.kind)).length,
  };
};

describe('the deployment that guard mode judges', () => {
  const { sha, failedSha, batch, redeploy, failed } = teamWithBatch();
  const event = (id: number) => ({
    eventName: 'deployment_status',
    eventDeployment: { id, environment: 'production' },
  });

  test('deployment_status: the deployment with that id', async () => {
    expect(await judgedFor(event(batch))).toEqual({ judged: batch, unjudged: null, findings: 3 });
  });

  test('workflow_run: the deployment whose log URL names that run', async () => {
    expect(await judgedFor({ eventName: 'workflow_run', eventRun: 51, runId: 4242 })).toMatchObject({
      judged: batch,
    });
  });

  test('release: the deployment of that tag', async () => {
    const team = begun();
    const merged = team.merge(1, at('10:00:00'));
    for (const tag of ['v1', 'v2'])
      team.world.releases?.push({
        tag,
        sha: merged,
        createdAt: at('10:01:00'),
        publishedAt: at('10:05:00'),
        author: 'github-actions',
      });
    team.world.releases?.unshift({
      tag: 'v0',
      sha: team.world.commits[0]?.oid ?? '',
      createdAt: '2026-03-01T09:01:00Z',
      publishedAt: '2026-03-01T09:05:00Z',
      author: 'github-actions',
    });
    const judgedTag = async (tag: string) => {
      const { report } = await ask(team.world, {
        ...day,
        inputs: { window: '20h', 'deploy-source': 'releases' },
        surroundings: { eventName: 'release', tag },
      });
      return [report.judged, unjudgedReason(report)];
    };
    const both = await Promise.all([judgedTag('v1'), judgedTag('v2')]);
    expect(both.map(([id]) => id).filter((id) => id !== null)).toHaveLength(1);
    expect(both).toContainEqual([null, 'nothing-new']);
  });

  test.each(['push', 'workflow_dispatch', 'repository_dispatch'])(
    '%s: the deployment of this run',
    async (eventName) => {
      expect(await judgedFor({ eventName, runId: 51, sha: failedSha })).toMatchObject({ judged: batch });
    },
  );

  test('push: the deployment that put the pushed commit live, if this run made none', async () => {
    expect(await judgedFor({ eventName: 'push', runId: 4242, sha })).toEqual({
      judged: batch,
      unjudged: null,
      findings: 3,
    });
  });

  test("the event's deployment shipped nothing: none, not even the newest success", async () => {
    expect(await judgedFor(event(redeploy))).toEqual({ judged: null, unjudged: 'nothing-new', findings: 0 });
  });

  test("the event's deployment failed: none", async () => {
    expect(await judgedFor(event(failed))).toEqual({ judged: null, unjudged: 'failure', findings: 0 });
    expect(await judgedFor({ eventName: 'push', runId: 4242, sha: failedSha })).toEqual({
      judged: null,
      unjudged: 'failure',
      findings: 0,
    });
  });

  test('the event made no deployment: none', async () => {
    expect(await judgedFor({ eventName: 'push', runId: 4242, sha: 'f'.repeat(40) })).toEqual({
      judged: null,
      unjudged: 'none',
      findings: 0,
    });
    expect(await judgedFor({ eventName: 'workflow_run', eventRun: 99 })).toMatchObject({ unjudged: 'none' });
  });

  test('a remark says why there is none', async () => {
    const answer = await ask(teamWithBatch().team.world, {
      ...day,
      inputs: FAIL_ON,
      surroundings: event(failed),
    });
    expect(answer.report.remarks[0]?.what).toBe(`The deployment of this event (${failed}) failed.`);
    expect(summaryText(answer)).toContain('The verdict covers the window only');
  });

  test('outside a workflow: the deployment that put the newest successful commit live', async () => {
    expect(await judgedFor({ eventName: '' })).toMatchObject({ judged: batch });
  });
});

test('the rollout made by this run is judged by the changes it put live', async () => {
  const team = begun();
  team.merge(1, at('10:00:00'));
  const sha = team.merge(2, at('10:05:00'));
  recordRun(team, sha, {
    id: 51,
    jobs: [
      { name: 'deploy (a)', from: at('10:40:00'), to: at('10:43:00') },
      { name: 'deploy (b)', from: at('10:40:00'), to: at('10:44:00') },
      { name: 'deploy (c)', from: at('10:40:00'), to: at('10:45:00') },
    ],
  });
  const { report, failed } = await ask(team.world, {
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

test('if others deployed a commit three times, the deployment that put it live is judged', async () => {
  const team = begun();
  team.merge(1, at('10:00:00'));
  const sha = team.merge(2, at('10:05:00'));
  const first = team.deploy(sha, at('10:44:00'));
  team.deploy(sha, at('10:50:00'));
  team.deploy(sha, at('10:55:00'));
  const { report, failed } = await ask(team.world, {
    ...day,
    inputs: FAIL_ON,
    surroundings: { eventName: 'push', runId: 4242, sha },
  });
  expect(report.judged).toBe(first.id);
  expect(failed).toBe(true);
});
