import { describe, expect, test } from '@jest/globals';
import { withGitHub } from '../support/github.ts';
import { withOpenPull } from '../support/open-pull.ts';
import { commentsOn, opened, performOn } from '../support/written.ts';

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
