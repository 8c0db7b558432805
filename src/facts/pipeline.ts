import type { Person } from './facts.ts';

/** How a deployment came about in GitHub Actions: the run that made it, its jobs, what held it. */

export interface Step {
  name: string;
  startedAt: Date | null;
  completedAt: Date | null;
}

export interface Job {
  id: number;
  name: string;
  /** When it could have started: its needs were met. `null` where GitHub was not asked, or did not say. */
  createdAt: Date | null;
  startedAt: Date | null;
  completedAt: Date | null;
  /** Lower case: `success`, `skipped`, …; `null` while it is not over. */
  conclusion: string | null;
  steps: Step[];
}

export interface Run {
  id: number;
  /** The workflow's name, and its file where that is known. */
  workflow: string;
  file: string | null;
  event: string;
  actor: Person | null;
  url: string;
  /** When its first attempt was made. */
  createdAt: Date;
  /** When its last attempt began. */
  attemptStartedAt: Date;
  attempt: number;
  /** Those of the last attempt. */
  jobs: Job[];
}

export interface Pipeline {
  run: Run;
  /** The runs that it waited for through `workflow_run`, nearest first. */
  upstream: Run[];
  /** The job that deployed. */
  deployJob: number | null;
  /** While the environment's protection rules held it. */
  holds: { from: Date; to: Date }[];
}
