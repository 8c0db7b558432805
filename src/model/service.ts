import type { FailKind, Target } from './terms.ts';

/** One thing that a run answers for: what is deployed where, how that is told, and what the team holds it to. */
export interface Service {
  /** What it is known by among the units of a run. */
  id: string;
  /** What a deploy is, and the options of that source as it read them. */
  source: { kind: string; options: unknown };
  /** The service that it is, where the repository has several. */
  service: string | null;
  /** What of the repository it is made of, as paths and patterns; `null`: all of it. */
  paths: readonly string[] | null;
  /** What is judged, for people; as a pattern where it is one. */
  environment: string;
  /** Its names and patterns: several are regions of one. */
  environments: readonly string[];
  /** With several: live with the first of them, or in every one. */
  live: 'first' | 'last';
  /** Environments that a change goes through before, in order. */
  stages: readonly string[];
  /** Whose changes the statistic takes. */
  authors: AuthorRule;
  /** `null`: the repository's default branch. */
  baseBranch: string | null;
  countDirectPushes: boolean;
  target: Target;
  policy: Policy;
}

/** Whose changes the statistic takes; what is left out is attributed all the same. */
export interface AuthorRule {
  /** Logins and patterns, of which one has to fit; none: anybody. `bots` is every bot. */
  only: readonly string[];
  exclude: readonly string[];
}

/** When to speak up, and how loudly. */
export interface Policy {
  /** Fewer mergesets than this are no verdict. */
  minSamples: number;
  /** A deployment that ships more mergesets than this is a batch. */
  maxBatch: number;
  /** The share of changes that is to be live within the limit, from 0 to 1; `null`: there is no objective. */
  objective?: number | null;
  failOn: ReadonlySet<FailKind>;
}

/** What a unit is known by where it is written about: two guards of one environment are two. */
export interface ServiceName {
  service?: string | null;
  environment: string;
  /** What a deploy is, with the file and the job: `workflow deploy.yml, job deploy`. */
  source: string;
  baseBranch: string;
  /** Names that the branch had before. */
  formerBranches?: readonly string[];
  /** The environment as the input spells it, where GitHub spells it otherwise. */
  asGiven?: string;
}
