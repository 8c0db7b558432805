import { describe, expect, test } from '@jest/globals';
import { story } from '../../src/fake-github/story.ts';
import { recordRun } from '../support/actions.ts';
import { ask } from '../support/ask.ts';
import { runWithConfigFile } from '../support/config-file.ts';
import { commitsAskedAbout, repeatedRequests, requestCounts } from '../support/requests.ts';

/** Services that need the same list read it once, even if they count different entries. */

const HOUR = 3_600_000;
const BEGINS = Date.parse('2026-01-05T00:00:00Z');
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');

/** A team that merges a change every hour for a week and calls `release` for it. */
function hourlyTeam(
  release: (team: ReturnType<typeof story>, sha: string, at: string, number: number) => void,
  changes = 170,
) {
  const team = story('acme', 'shop', iso(BEGINS - HOUR));
  for (let number = 1; number <= changes; number++) {
    const at = iso(BEGINS + number * HOUR);
    release(team, team.merge(number, at), at, number);
  }
  team.world.files = { '.github/workflows/deploy.yml': 'name: deploy' };
  return { world: team.world, end: iso(BEGINS + (changes + 1) * HOUR) };
}

/** Every change is deployed by two jobs of deploy.yml, one job of web.yml, and a script with its own task. */
const hourlyDeployments = () =>
  hourlyTeam((team, sha, at, number) => {
    const minute = (minutes: number) => team.later(at, minutes * 60);
    recordRun(team, sha, {
      id: 1000 + number,
      jobs: [
        { name: 'deploy api', from: minute(1), to: minute(3) },
        { name: 'deploy jobs', from: minute(4), to: minute(6) },
      ],
    });
    recordRun(team, sha, {
      id: 5000 + number,
      workflow: 'web.yml',
      jobs: [{ name: 'deploy', from: minute(10), to: minute(12) }],
    });
    team.deploy(sha, minute(20), { task: 'deploy:docs' });
  });

const API = '  api: { environment: production, deploy-job: deploy api }';
const JOBS = '  jobs: { environment: production, deploy-job: deploy jobs }';
const WEB = '  web: { environment: production, deploy-workflow: web.yml }';
const DOCS = '  docs: { environment: production, deploy-task: "deploy:docs" }';

/** Runs the guard for the last six days of a world, with these services in the configuration file. */
const askFor = (
  { world, end }: { world: Parameters<typeof runWithConfigFile>[0]; end: string },
  services: string[],
) =>
  runWithConfigFile(world, `services:\n${services.join('\n')}\n`, {
    at: end,
    inputs: { window: '6d', target: '1h' },
  });

describe('services that share an environment', () => {
  const MEDIANS = { api: 180, jobs: 360, web: 720, docs: 1260 };

  test('and differ in job, workflow and task read its deployments once', async () => {
    const team = hourlyDeployments();
    const several = await askFor(team, [API, JOBS, WEB, DOCS]);
    for (const [service, seconds] of Object.entries(MEDIANS))
      expect([service, several.unit(service).leadTime.p50]).toEqual([service, seconds]);
    const single = await askFor(team, [DOCS]);
    const { Deployments: pages } = requestCounts(single.requests);
    expect(pages).toBeGreaterThan(2);
    expect(requestCounts(several.requests)).toMatchObject({ Opening: 1, Deployments: pages });
    expect(repeatedRequests(several.requests)).toEqual([]);
  });

  test('read the runs on each commit once', async () => {
    const team = hourlyDeployments();
    const single = await askFor(team, [API]);
    const several = await askFor(team, [API, JOBS, WEB]);
    expect(commitsAskedAbout(several.requests).size).toBeGreaterThan(100);
    expect(commitsAskedAbout(several.requests)).toEqual(commitsAskedAbout(single.requests));
    expect(requestCounts(several.requests).Suites).toBe(requestCounts(single.requests).Suites);
  });
});

describe('services with tags of their own', () => {
  const tagged = (deploySource: string) => [
    `  api: { deploy-source: ${deploySource}, deploy-tag: "api-*" }`,
    `  web: { deploy-source: ${deploySource}, deploy-tag: "web-*" }`,
  ];

  test('read the releases once', async () => {
    const team = hourlyTeam(({ world, later }, sha, at, number) => {
      for (const [service, seconds] of [
        ['api', 300],
        ['web', 600],
      ] as const)
        world.releases?.unshift({
          tag: `${service}-${number}`,
          sha,
          createdAt: at,
          publishedAt: later(at, seconds),
          author: 'ada',
        });
    });
    const both = await askFor(team, tagged('releases'));
    expect(both.unit('api').leadTime.p50).toBe(300);
    expect(both.unit('web').leadTime.p50).toBe(600);
    const single = await askFor(team, tagged('releases').slice(0, 1));
    const { Releases: pages } = requestCounts(single.requests);
    expect(pages).toBeGreaterThan(1);
    expect(requestCounts(both.requests)).toMatchObject({ Opening: 1, Releases: pages });
    expect(repeatedRequests(both.requests)).toEqual([]);
  });

  test('read the tags once', async () => {
    const team = hourlyTeam(({ world, later }, sha, at, number) => {
      world.tags ??= [];
      world.tags.push({ name: `api-${number}`, sha, taggedAt: later(at, 300) });
      world.tags.push({ name: `web-${number}`, sha, taggedAt: later(at, 600) });
    });
    const both = await askFor(team, tagged('tags'));
    expect(both.unit('api').leadTime.p50).toBe(300);
    expect(both.unit('web').leadTime.p50).toBe(600);
    const single = await askFor(team, tagged('tags').slice(0, 1));
    const { Tags: pages } = requestCounts(single.requests);
    expect(pages).toBeGreaterThan(1);
    expect(requestCounts(both.requests)).toMatchObject({ Opening: 1, Tags: pages });
    expect(repeatedRequests(both.requests)).toEqual([]);
  });
});

const RUNS = 'GET /actions/workflows/deploy.yml/runs';

describe('services whose deploys are jobs of one workflow', () => {
  const API_JOB = '  api: { workflow: deploy.yml, job: deploy api }';
  const JOBS_JOB = '  jobs: { workflow: deploy.yml, job: deploy jobs }';

  test('read the list of its runs once, and the jobs of each run once', async () => {
    const team = hourlyDeployments();
    const both = await askFor(team, [API_JOB, JOBS_JOB]);
    expect(both.unit('api').leadTime.p50).toBe(180);
    expect(both.unit('jobs').leadTime.p50).toBe(360);
    const single = await askFor(team, [API_JOB]);
    const { [RUNS]: pages, Jobs: jobs } = requestCounts(single.requests);
    expect(pages).toBeGreaterThan(1);
    expect(jobs).toBeGreaterThan(1);
    expect(requestCounts(both.requests)).toMatchObject({ [RUNS]: pages, Jobs: jobs });
    expect(repeatedRequests(both.requests)).toEqual([]);
  });
});

describe('the folder of workflow files', () => {
  /** Every third run skips the job that deploys, which only the workflow file can explain. Changes take an hour. */
  const skipping = () =>
    hourlyTeam(({ world, later, tip }, sha, at, number) => {
      for (const workflow of ['deploy.yml', 'web.yml'])
        world.runs?.push({
          id: (workflow === 'web.yml' ? 5000 : 1000) + number,
          workflow,
          sha: tip() || sha,
          branch: 'main',
          event: 'push',
          status: 'completed',
          conclusion: 'success',
          createdAt: at,
          updatedAt: later(at, 3600),
          jobs: [
            { name: 'test', conclusion: 'success', startedAt: at, completedAt: later(at, 1800) },
            {
              name: 'deploy',
              conclusion: number % 3 === 0 ? 'skipped' : 'success',
              startedAt: later(at, 1800),
              completedAt: later(at, 3600),
            },
          ],
        });
    }, 60);

  test('is read once for a slow service, although two parts of the guard need it', async () => {
    const { world, end } = skipping();
    const { requests, report } = await ask(world, {
      now: end,
      inputs: {
        window: '2d',
        target: '15m',
        'deploy-source': 'workflow',
        'deploy-workflow': 'deploy.yml',
        stages: 'none',
      },
    });
    expect(report.remarks.map((remark) => remark.what).join()).toContain('whose deploy job was skipped');
    expect(report.leadTime.p50).toBeGreaterThan(3000);
    expect(requestCounts(requests).WorkflowFiles).toBe(1);
  });

  test('comes with the first request for services of several workflows', async () => {
    const { requests, units: services } = await askFor(skipping(), [
      '  api: { workflow: deploy.yml }',
      '  web: { workflow: web.yml }',
    ]);
    for (const service of services)
      expect(service.remarks.map((remark: { what: string }) => remark.what).join()).toContain(
        'whose deploy job was skipped',
      );
    expect(requestCounts(requests)).toMatchObject({ Opening: 1 });
    expect(requestCounts(requests).WorkflowFiles).toBeUndefined();
  });

  test('comes with the first request if several services were never deployed', async () => {
    const { requests, report } = await askFor(hourlyDeployments(), [
      DOCS,
      '  one: { environment: nowhere }',
      '  other: { environment: neither }',
    ]);
    expect(report.untold).toHaveLength(2);
    expect(requestCounts(requests).WorkflowFiles).toBeUndefined();
  });
});

describe('a workflow that shares its environment with others', () => {
  const WEEK = 7 * 24 * HOUR;

  /** Forty changes a week for ten weeks, deployed by search.yml and cache.yml and, if `isDeployed`, by deploy.yml. */
  function sharedEnvironment(isDeployed: (at: number) => boolean = () => true) {
    const team = story('acme', 'shop', iso(BEGINS - HOUR));
    for (let number = 1; number <= 400; number++) {
      const time = BEGINS + (number * WEEK) / 40;
      const sha = team.merge(number, iso(time));
      for (const [i, workflow] of ['deploy.yml', 'search.yml', 'cache.yml'].entries()) {
        if (i === 0 && !isDeployed(time)) continue;
        const minutes = (count: number) => iso(time + (5 * i + count) * 60_000);
        recordRun(team, sha, {
          id: 1000 * (i + 1) + number,
          workflow,
          jobs: [{ name: 'deploy', from: minutes(1), to: minutes(4) }],
        });
      }
    }
    return { world: team.world, now: iso(BEGINS + 10 * WEEK + HOUR) };
  }
  const inputs = { window: '7d', 'deploy-workflow': 'deploy.yml', 'min-samples': '5', stages: 'none' };

  test('has a verdict, and runs are read only for the commits of the window and one page more', async () => {
    const { world, now } = sharedEnvironment();
    const { report, requests } = await ask(world, { now, inputs });
    expect(report.status).toBe('on-target');
    expect(report.completeness.gaps).toEqual([]);
    expect(report.leadTime.p50).toBe(240);
    const commits = commitsAskedAbout(requests);
    expect(commits.size).toBeGreaterThanOrEqual(40);
    expect(commits.size).toBeLessThanOrEqual(41 + 100);
  });

  test('has a verdict if its last deployment before the window is three weeks older', async () => {
    const { world, now } = sharedEnvironment((at) => at < BEGINS + 6 * WEEK || at > BEGINS + 9 * WEEK);
    const { report, requests } = await ask(world, { now, inputs });
    expect(report.completeness.gaps).toEqual([]);
    expect(report.status).not.toBe('insufficient-data');
    const commits = commitsAskedAbout(requests);
    expect(commits.size).toBeGreaterThanOrEqual(160);
    expect(commits.size).toBeLessThanOrEqual(161 + 100);
  });
});
