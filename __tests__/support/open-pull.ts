import { SAMPLE_NOW, sampleTeam } from '../../src/demo/sample.ts';
import type { World } from '../../src/fake-github/world.ts';

/** The sample team with an open pull request, number 500. */
export function withOpenPull(): World {
  const world = sampleTeam();
  world.pulls.push({
    number: 500,
    title: 'Open',
    createdAt: SAMPLE_NOW,
    mergedAt: null,
    mergeCommit: null,
    base: 'main',
    author: 'mira',
    commits: [],
  });
  return world;
}
