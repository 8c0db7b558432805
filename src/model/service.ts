import type { FailKind, Target } from './terms.ts';

/** A deployed service: its environment, how its deployments are found, and the team's target. */
export interface Service {
  /** Unique among the services of a run. */
  id: string;
  /** The source of its deployments, and the options that this source has parsed. */
  source: { kind: string; options: unknown };
  /** Its name, if the repository has several services; otherwise `null`. */
  service: string | null;
  /** Paths and patterns of its files; `null`: the entire repository. */
  paths: readonly string[] | null;
  /** The environment's name or pattern, for people. */
  environment: string;
  /** Names and patterns; several are regions of one environment. */
  environments: readonly string[];
  /** With several regions: whether a change is live with the first region or with the last. */
  live: 'first' | 'last';
  /** With several jobs of one name: whether a run is live with the first one or with the last. */
  liveWith: 'first' | 'last';
  /** Environments that a change passes first, in order. */
  stages: readonly string[];
  authors: AuthorRule;
  /** `null`: the repository's default branch. */
  baseBranch: string | null;
  /** Where to ask which commit production runs; empty: production is not asked. */
  addresses: readonly LiveAddress[];
  /** Finds the commit in an answer; `null`: the only commit in it. */
  liveMatch: string | null;
  countDirectPushes: boolean;
  target: Target;
  policy: Policy;
}

/** An address that answers with the commit that production runs. */
export interface LiveAddress {
  /** The environment or region that it belongs to; `null`: the service's only address. */
  environment: string | null;
  url: URL;
}

/** Authors whose changes count. Other changes are attributed to a deployment, too. */
export interface AuthorRule {
  /** Logins, patterns and labels; a change has to match one. Empty: every change. `bots` matches every bot. */
  only: readonly string[];
  exclude: readonly string[];
}

/** When the guard reports a problem, and when a step fails. */
export interface Policy {
  minSamples: number;
  /** A deployment that ships more changes is a batch. */
  maxBatch: number;
  /** Share of changes that has to be live within the limit, from 0 to 1; `null`: no objective. */
  objective?: number | null;
  failOn: ReadonlySet<FailKind>;
}

/** Identifies a service in comments and issues. Two guards of one environment differ in source or branch. */
export interface ServiceName {
  service?: string | null;
  environment: string;
  /** The source of its deployments with file and job, such as `workflow deploy.yml, job deploy`. */
  source: string;
  baseBranch: string;
  formerBranches?: readonly string[];
  /** The input's spelling of the environment, if GitHub's differs. */
  asGiven?: string;
}
