import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import type { Surroundings } from '../../src/config/surroundings.ts';
import type { Loopback } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { performStep } from './in-process.ts';
import type { StepOptions, StepResult } from './runner.ts';

/** Comments and issues that a step writes, at the sample team's time. */

/** Runs a step on a world's repository. `at` is the time of the run and of `as-of`. */
export function performOn(
  world: World,
  github: Loopback,
  options: Partial<StepOptions> & { at?: string; around?: Partial<Surroundings> } = {},
): Promise<StepResult> {
  const { at = SAMPLE_NOW, around, ...step } = options;
  return performStep(
    {
      apiUrl: github.apiUrl,
      repository: `${world.owner}/${world.name}`,
      ...step,
      inputs: { 'as-of': at, stages: 'none', ...step.inputs },
    },
    { now: new Date(at), ...around },
  );
}

/** Write requests in order, such as `POST /issues/500/comments`. */
export const writes = ({ requests }: Loopback) =>
  requests
    .filter((request) => request.method !== 'GET' && request.path !== '/graphql')
    .map((request) => `${request.method} ${request.path.replace(/^\/repos\/[^/]+\/[^/]+/, '')}`);

export const notices = (log: string) =>
  log.split('\n').filter((line) => line.startsWith('::notice title=Not written'));

export const commentsOn = (world: World, number: number) =>
  (world.comments ?? []).filter((comment) => comment.number === number);

/** Events of the sample team: an opened pull request, a successful deployment and a weekly run. */
export const opened = { event: 'pull_request', payload: { pull_request: { number: 500 } } };
export const shippedBy = (id: number) => ({
  event: 'deployment_status',
  payload: { deployment: { id, environment: 'production' }, deployment_status: { state: 'success' } },
});
export const weekWith = (target: string, inputs: Record<string, string> = {}) => ({
  event: 'schedule',
  inputs: { target, ...inputs },
});
/** Targets for which the sample's week has drifted, is slipping and is on target. */
export const DRIFTED = '15m';
export const SLIPPING = '22m';
export const FINE = '30m';
