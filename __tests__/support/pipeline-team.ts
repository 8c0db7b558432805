import { story, type ShipOptions } from '../../src/fake-github/story.ts';
import type { WorldRun } from '../../src/fake-github/world.ts';
import { type StepAnswer, ask } from './ask.ts';

export interface PipelineTeamOptions {
  ship: Partial<ShipOptions>;
  /** The workflow file's text. */
  file?: string;
  /** Other workflow files, by name. */
  others?: Record<string, string>;
  /** Number of changes a week, one a day. */
  changes?: number;
  /** How the changes of the week before are shipped. */
  before?: Partial<ShipOptions>;
  inputs?: Record<string, string>;
  /** Adds to the history before the changes of the week. */
  record?: (team: ReturnType<typeof story>) => void;
  /** Changes the runs after they are recorded. */
  damage?: (run: WorldRun, index: number) => void;
}

const PATH = '.github/workflows/deploy.yml';

/** Measures a team that ships every change the same way. */
export async function pipelineTeam({
  ship,
  file = 'name: deploy',
  others = {},
  changes = 6,
  before,
  inputs,
  record,
  damage,
}: PipelineTeamOptions): Promise<StepAnswer> {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  let number = 0;
  const shipWeek = (begin: string, options: Partial<ShipOptions>) => {
    for (let i = 0; i < changes; i++) {
      const at = team.later(begin, i * 86_400);
      team.ship(team.merge(++number, at), at, { jobs: [{ name: 'deploy', takes: 60 }], ...options });
    }
  };
  if (before) shipWeek('2026-03-02T10:00:00Z', before);
  record?.(team);
  shipWeek('2026-03-09T10:00:00Z', ship);
  if (damage) team.world.runs?.forEach(damage);
  const folder = PATH.replace('deploy.yml', '');
  team.world.files = {
    [PATH]: file,
    ...Object.fromEntries(Object.entries(others).map(([name, text]) => [`${folder}${name}`, text])),
  };
  return ask(team.world, {
    now: '2026-03-16T00:00:00Z',
    inputs: { window: '7d', mode: 'scheduled', ...inputs },
  });
}

/** The text of a workflow file. */
export function workflowFile(jobs: Record<string, object>): string {
  return JSON.stringify({ name: 'deploy', on: { push: { branches: ['main'] } }, jobs });
}
