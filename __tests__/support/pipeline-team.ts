import { story, type ShipOptions } from '../../src/fake-github/story.ts';
import { type StepAnswer, ask } from './ask.ts';

export interface PipelineTeam {
  ship: Partial<ShipOptions>;
  /** The workflow file's text. */
  file?: string;
  /** How many changes are merged and shipped, one a half hour. */
  changes?: number;
  /** The same for the week before. */
  before?: Partial<ShipOptions>;
  inputs?: Record<string, string>;
  /** More of a story, told before the changes. */
  record?: (team: ReturnType<typeof story>) => void;
}

const PATH = '.github/workflows/deploy.yml';

/** A team whose every change ships in the same way, asked where its time goes. */
export async function pipelineTeam({
  ship,
  file = 'name: deploy',
  changes = 6,
  before,
  inputs,
  record: tell,
}: PipelineTeam): Promise<StepAnswer> {
  const team = story();
  team.deploy(team.tip(), '2026-03-01T09:10:00Z');
  let number = 0;
  const tellWeek = (begin: string, options: Partial<ShipOptions>) => {
    for (let i = 0; i < changes; i++) {
      const at = team.later(begin, i * 86_400);
      team.ship(team.merge(++number, at), at, { jobs: [{ name: 'deploy', takes: 60 }], ...options });
    }
  };
  if (before) tellWeek('2026-03-02T10:00:00Z', before);
  tell?.(team);
  tellWeek('2026-03-09T10:00:00Z', ship);
  team.world.files = { [PATH]: file };
  return ask(team.world, {
    now: '2026-03-16T00:00:00Z',
    inputs: { window: '7d', mode: 'scheduled', ...inputs },
  });
}

/** A workflow file of jobs one after the other. */
export function workflowFile(jobs: Record<string, object>): string {
  return JSON.stringify({ name: 'deploy', on: { push: { branches: ['main'] } }, jobs });
}
