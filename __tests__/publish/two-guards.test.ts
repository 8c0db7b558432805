import { describe, expect, test } from '@jest/globals';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import { commentsOn, DRIFTED, opened, performOn, shippedBy, weekWith, writes } from '../support/written.ts';

/** Two workflows that write about one environment. */

const asGuard = (workflow: string) => ({ guard: `.github/workflows/${workflow} guard __action` });

describe('the comment on an open pull request', () => {
  const runs = async (...guards: [workflow: string, inputs: Record<string, string>][]) => {
    const world = withOpenPull();
    const bodies: number[] = [];
    await withGitHub(world, {}, async (github) => {
      for (const [workflow, inputs] of guards) {
        await performOn(world, github, { ...opened, inputs, around: asGuard(workflow) });
        bodies.push(commentsOn(world, 500).length);
      }
    });
    return { bodies, comments: commentsOn(world, 500) };
  };

  test('follows the settings of its workflow', async () => {
    const { comments } = await runs(['a.yml', {}], ['a.yml', { target: '30m' }]);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain('target is 30m');
  });

  test('is shared by workflows with the same settings', async () => {
    const { bodies } = await runs(['a.yml', {}], ['b.yml', {}], ['a.yml', {}]);
    expect(bodies).toEqual([1, 1, 1]);
  });

  test('becomes one again when the settings become the same', async () => {
    const { bodies } = await runs(['a.yml', {}], ['b.yml', { target: '30m' }], ['b.yml', {}]);
    expect(bodies).toEqual([1, 2, 1]);
  });
});

describe('the guard as a step of two jobs of one run, at the same moment', () => {
  const PATH = '.github/workflows/ci.yml';
  const jobsOf = async (event: NonNullable<Parameters<typeof performOn>[2]>) => {
    const world = withOpenPull();
    const { owner, name, head: commit } = world;
    return withGitHub(world, { latency: 30 }, async (github) => {
      const runJobs = () =>
        Promise.all(
          ['test', 'deploy'].map((job) =>
            performOn(world, github, {
              ...event,
              around: {
                runId: 7000,
                job,
                guard: `${PATH} ${job} __action`,
                workflow: { owner, name, path: PATH, commit },
              },
            }),
          ),
        );
      const steps = await runJobs();
      const first = writes(github).length;
      await runJobs();
      return { world, steps, later: writes(github).slice(first) };
    });
  };

  test('leaves one comment on an open pull request, and each job has its outputs', async () => {
    const { world, steps, later } = await jobsOf(opened);
    const [comment, ...twins] = commentsOn(world, 500);
    expect(twins).toEqual([]);
    for (const { code, outputs } of steps) {
      expect(code).toBe(0);
      expect(outputs.status).toBe('drifted');
      expect(outputs['comment-url']).toContain(`#issuecomment-${comment?.id}`);
    }
    expect(later).toEqual([]);
  });

  test('leaves one comment on each shipped pull request', async () => {
    const { world, later } = await jobsOf(shippedBy(9010));
    expect([419, 420].map((number) => commentsOn(world, number).length)).toEqual([1, 1]);
    expect(later).toEqual([]);
  });

  test('opens one issue, and each job names it', async () => {
    const { world, steps, later } = await jobsOf(weekWith(DRIFTED));
    const open = (world.issues ?? []).filter(({ state }) => state === 'open');
    expect(open).toHaveLength(1);
    for (const { outputs } of steps)
      expect(outputs['issue-url']).toBe(`https://github.com/larkspur/storefront/issues/${open[0]?.number}`);
    expect(later).toEqual([]);
  });
});
