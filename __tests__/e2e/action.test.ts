import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import { story } from '../../src/fake-github/story.ts';
import { withGitHub } from '../support/github.ts';
import { runStep, type StepOptions } from '../support/runner.ts';

/** The built action, started like on a runner, against a simulated GitHub. */

const sample = sampleTeam();
const step = (options: Partial<StepOptions> = {}) =>
  withGitHub(sample, {}, (github) =>
    runStep({
      apiUrl: github.apiUrl,
      repository: 'larkspur/storefront',
      ...options,
      inputs: { 'as-of': SAMPLE_NOW, comment: 'always', issue: 'always', ...options.inputs },
    }),
  );
const commands = (log: string, command: string) =>
  log.split('\n').filter((line) => line.startsWith(`::${command}`));

describe('a team whose lead time has drifted', () => {
  test('fails guard mode with one error, outputs, summary and report, all without the token', async () => {
    const { code, log, outputs, summary, report } = await step({ inputs: { 'github-token': 'ghs_secret' } });
    expect(code).toBe(1);
    expect(log).toContain('::add-mask::ghs_secret');
    expect(
      log.replace('::add-mask::ghs_secret', '') + JSON.stringify([outputs, summary, report]),
    ).not.toContain('ghs_secret');
    expect(commands(log, 'error')).toEqual([
      '::error title=Deploy latency has drifted::Half of the changes take more than 24m 35s to go live in production. The target is 15m. 8 of the last 10 deployments (the oldest waiting change counts as one) were over the limit of 18m 45s, so this is unlikely to be chance (1 in 18). The alert started on 13 Mar, 12:33 UTC, while #422 waited. Start with the slowest deployments and the changes that wait.',
    ]);
    expect(outputs).toEqual({
      status: 'drifted',
      confidence: 'sure',
      alert: 'on',
      'lead-time': '24m 35s',
      'lead-time-seconds': '1475',
      'threshold-seconds': '1125',
      'drift-percent': '63.9',
      mergesets: '12',
      deployments: '10',
      'batched-deployments': '2',
      pending: '1',
      report: expect.stringMatching(/report\.json$/),
      html: '',
      badge: expect.stringMatching(/badge\.svg$/),
      rows: expect.stringMatching(/rows\.jsonl$/),
      'comment-url': expect.stringContaining('/issues/422#issuecomment'),
      'issue-url': '',
    });
    expect(summary).toMatch(
      /^## 🔴 Deploy latency: larkspur\/storefront → production\n\n\*\*Half of the changes take more than 24m 35s/,
    );
    expect(report).toMatchObject({
      schemaVersion: 1,
      repository: 'larkspur/storefront',
      environment: 'production',
      baseBranch: 'main',
      window: { from: '2026-03-06T17:00:00.000Z', to: '2026-03-13T17:00:00.000Z' },
      target: { seconds: 900, tolerance: 0.25, thresholdSeconds: 1125, statistic: 'p50' },
      status: 'drifted',
      leadTimeSeconds: 1475,
      driftPercent: 63.9,
    });
    expect(Object.keys(report.mergesets[0])).toEqual([
      'kind',
      'number',
      'title',
      'author',
      'url',
      'mergeCommit',
      'firstCommitAt',
      'mergedAt',
      'deployment',
      'deployedAt',
      'leadTimeSeconds',
      'waitingSeconds',
      'untimed',
      'notes',
      'codeToLiveSeconds',
    ]);
    expect(Object.keys(report.deployments[0])).toEqual([
      'id',
      'sha',
      'createdAt',
      'succeededAt',
      'outcome',
      'mergesets',
      'authors',
      'batched',
      'assumed',
      'redeploy',
      'rollback',
      'seed',
      'trigger',
      'url',
      'run',
      'notes',
    ]);
    expect(Object.keys(report.findings[0])).toEqual(['kind', 'severity', 'message', 'subject', 'evidence']);
    expect(report.mergesets[0]).toMatchObject({
      number: 412,
      firstCommitAt: '2026-03-09T08:31:10.000Z',
      leadTimeSeconds: 572,
    });
  });

  test('does not fail a pull request, and writes nothing to GitHub', async () => {
    await withGitHub(sample, {}, async (github) => {
      const { code } = await runStep({
        apiUrl: github.apiUrl,
        repository: 'larkspur/storefront',
        event: 'pull_request',
        inputs: { 'as-of': SAMPLE_NOW },
      });
      expect(code).toBe(0);
      expect(
        github.requests.filter((request) => request.method !== 'GET' && request.path !== '/graphql'),
      ).toEqual([]);
    });
  });
});

test('guard mode judges the deployment of the event', async () => {
  const batch = sample.deployments.find((deployment) => deployment.id === 9005);
  const { report } = await step({
    event: 'deployment_status',
    payload: {
      deployment: { id: batch?.id, environment: 'production' },
      deployment_status: { state: 'success' },
    },
  });
  expect(report.findings.map((finding: { subject: string }) => finding.subject)).toContain('deployment 9005');
});

describe('guard mode finds the deployment by', () => {
  const batch = sample.deployments.find((deployment) => deployment.id === 9005);
  const run = Number(/runs\/(\d+)/.exec(batch?.statuses[0]?.logUrl ?? '')?.[1]);
  const aboutBatch = (report: { findings: { subject: string }[] }) =>
    report.findings.some((finding) => finding.subject === 'deployment 9005');

  test('the run of a workflow_run event', async () => {
    const { report } = await step({
      event: 'workflow_run',
      payload: { workflow_run: { id: run, head_sha: 'f'.repeat(40) } },
    });
    expect(aboutBatch(report)).toBe(true);
  });

  test('GITHUB_SHA, and judges none if that commit was not deployed', async () => {
    const pushed = await step({ env: { GITHUB_SHA: batch?.sha ?? '' } });
    expect(aboutBatch(pushed.report)).toBe(true);
    const other = await step({ env: { GITHUB_SHA: 'f'.repeat(40) } });
    expect(other.report.remarks[0].what).toContain('made no deployment to production');
    expect(other.outputs['comment-url']).toBe('');
  });

  test('the tag of a release or of a push', async () => {
    const team = story();
    const release = (tag: string, sha: string, when: string) =>
      team.world.releases?.push({ tag, sha, createdAt: when, publishedAt: when, author: 'ada' });
    release('v1', team.tip(), '2026-03-01T09:30:00Z');
    for (let i = 2; i <= 3; i++) {
      team.merge(i * 10, `2026-03-02T0${i}:00:00Z`);
      release(`v${i}`, team.merge(i * 10 + 1, `2026-03-02T0${i}:01:00Z`), `2026-03-02T0${i}:30:00Z`);
    }
    const run = (options: object) =>
      withGitHub(team.world, {}, (github) =>
        runStep({
          apiUrl: github.apiUrl,
          inputs: { 'as-of': '2026-03-02T20:00:00Z', 'deploy-source': 'releases', 'fail-on': 'none' },
          ...options,
        }),
      );
    const subjects = async (options: object) =>
      (await run(options)).report.findings
        .filter((finding: { kind: string }) => finding.kind === 'batch')
        .map((finding: { subject: string }) => finding.subject);
    expect(await subjects({ event: 'release', payload: { release: { tag_name: 'v2' } } })).toEqual([
      'deployment v2',
    ]);
    expect(await subjects({ env: { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v3' } })).toEqual([
      'deployment v3',
    ]);
  });
});

describe('text from outsiders', () => {
  const title = 'x ::error::pwned\n::error::pwned %0A::warning::pwned | @org/team #1 <script>';
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  team.merge(1, '2026-03-02T10:00:00Z', { title, author: 'ada' });
  team.push('2026-03-02T11:00:00Z', { message: title, author: '\n::error::pwned' });

  test('cannot become a workflow command in the log or markup in the summary', async () => {
    const { log, summary, code } = await withGitHub(team.world, {}, (github) =>
      runStep({
        apiUrl: github.apiUrl,
        inputs: {
          'as-of': '2026-03-02T20:00:00Z',
          'direct-pushes': 'count',
          'min-samples': '1',
          'fail-on': 'none',
        },
      }),
    );
    expect(code).toBe(0);
    expect(commands(log, 'error')).toEqual([]);
    expect(summary).not.toMatch(/<script>|@org|#1 &lt;|^::/m);
    expect(summary.replaceAll('\u200b', '')).toContain(
      'x ::error::pwned ::error::pwned %0A::warning::pwned \\| @org/… |',
    );
  });
});

test('a team on target passes, even without a summary file, a temporary folder or an event', async () => {
  const { code, outputs } = await step({
    env: { GITHUB_STEP_SUMMARY: '', RUNNER_TEMP: '', GITHUB_EVENT_PATH: '' },
    inputs: { target: '30m' },
  });
  expect([code, outputs.status]).toEqual([0, 'on-target']);
  expect(existsSync(outputs.report ?? '')).toBe(true);
});

test('on GitHub Enterprise Server, a scheduled run has only warnings', async () => {
  await withGitHub(sampleTeam(), {}, async (github) => {
    const { code, log, outputs } = await runStep({
      apiUrl: github.apiUrl,
      repository: 'larkspur/storefront',
      event: 'schedule',
      inputs: { 'as-of': SAMPLE_NOW, comment: 'always', issue: 'always' },
      env: { GITHUB_API_URL: `${github.apiUrl}/api/v3`, GITHUB_GRAPHQL_URL: '' },
    });
    expect([code, outputs.status]).toEqual([0, 'drifted']);
    expect(commands(log, 'error')).toEqual([]);
    expect(commands(log, 'warning')).toHaveLength(10);
    expect(outputs['issue-url']).toContain('/issues/424');
  });
});
