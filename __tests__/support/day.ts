import { story } from '../../src/fake-github/story.ts';

/** A day of an invented team, measured at its end. */
export const NOW = '2026-03-02T20:00:00Z';
export const at = (time: string) => `2026-03-02T${time}Z`;

/** A team that has deployed since the day before, so that there is an earlier deployment. */
export function begun() {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  team.deploy(team.push('2026-03-01T10:00:00Z'), '2026-03-01T10:05:00Z');
  return team;
}

export const day = { now: NOW, inputs: { window: '20h' } };
