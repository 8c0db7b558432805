import type { FindingKind, Target } from './terms.ts';

/** One thing that a run answers for: what is deployed where, how that is told, and what the team holds it to. */
export interface Unit {
  /** What it is known by among the units of a run. */
  id: string;
  /** What a deploy is, and the options of that source as it read them. */
  source: { kind: string; options: unknown };
  environment: string;
  /** `null`: the repository's default branch. */
  baseBranch: string | null;
  countDirectPushes: boolean;
  target: Target;
  policy: Policy;
}

/** When to speak up, and how loudly. */
export interface Policy {
  /** Fewer mergesets than this are no verdict. */
  minSamples: number;
  /** A deployment that ships more mergesets than this is a batch. */
  maxBatch: number;
  failOn: ReadonlySet<FindingKind>;
}

/** What a unit is known by where it is written about: two guards of one environment are two. */
export interface UnitName {
  environment: string;
  /** What a deploy is, with the file and the job: `workflow deploy.yml, job deploy`. */
  source: string;
  baseBranch: string;
  /** Names that the branch had before. */
  formerBranches?: readonly string[];
  /** The environment as the input spells it, where GitHub spells it otherwise. */
  asGiven?: string;
}
