import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import type { Surroundings } from '../../src/config/surroundings.ts';
import type { Loopback } from '../../src/fake-github/loopback.ts';
import type { World } from '../../src/fake-github/world.ts';
import { performStep } from './in-process.ts';
import type { StepOptions, StepResult } from './runner.ts';

/** What a step writes where the team looks, asked at the sample team's moment. */

/** A step on a world's own repository; `at`: when it runs, and asks about. */
export function on(
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

/** `POST /issues/500/comments`: what was written, in the order in which it was. */
export const writes = ({ requests }: Loopback) =>
  requests
    .filter((request) => request.method !== 'GET' && request.path !== '/graphql')
    .map((request) => `${request.method} ${request.path.replace(/^\/repos\/[^/]+\/[^/]+/, '')}`);

export const notices = (log: string) =>
  log.split('\n').filter((line) => line.startsWith('::notice title=Not written'));

export const commentsOn = (world: World, number: number) =>
  (world.comments ?? []).filter((comment) => comment.number === number);

/** The sample's events: a pull request was opened, a deployment succeeded, a week is over. */
export const opened = { event: 'pull_request', payload: { pull_request: { number: 500 } } };
export const shippedBy = (id: number) => ({
  event: 'deployment_status',
  payload: { deployment: { id, environment: 'production' }, deployment_status: { state: 'success' } },
});
export const weekWith = (target: string, inputs: Record<string, string> = {}) => ({
  event: 'schedule',
  inputs: { target, ...inputs },
});
/** Targets by which the sample's week is drifted, slipping, on target. */
export const DRIFTED = '15m';
export const SLIPPING = '22m';
export const FINE = '30m';
