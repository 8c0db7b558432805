import type { Diagnosis } from '../diagnose/diagnose.ts';
import type { Finding } from '../judge/findings.ts';
import type { Change, ChangedFile } from '../diagnose/change.ts';
import type { Judgement, Unjudged } from '../judge/judge.ts';
import type { Signal } from '../judge/signal.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { LeadTime } from '../model/lead-time.ts';
import type { Split } from '../measure/splits.ts';
import type { Way } from '../measure/way.ts';
import type { Measurement } from '../measure/measure.ts';
import type { MeasuredDeployment, MeasuredMergeset } from '../measure/measured.ts';
import type { Beside } from '../measure/beside.ts';
import type { Gap, Remark, RepositoryFacts, UnitFacts } from '../model/facts.ts';
import { type Mode, type Target, thresholdOf, type Window } from '../model/terms.ts';
import type { Unit, UnitName } from '../model/unit.ts';

/** A deployment with all that the stages found of it. */
export interface AnswerDeployment extends MeasuredDeployment {
  /** The event that started it, where that is known. */
  trigger: string | null;
  url: string | null;
}

/** Everything that can be said about one unit, side by side: what the texts, the report and the outputs are made of. */
export interface UnitAnswer extends Verdict {
  /** What it is known by where it is written about. */
  name: UnitName;
  repository: string;
  repositoryUrl: string;
  environment: string;
  baseBranch: string;
  generatedAt: Date;
  window: Window;
  /** As it was asked for; it begins later than `window` where that was widened. */
  askedWindow: Window;
  target: Target & { thresholdSeconds: number };
  mode: Mode;
  maxBatch: number;
  minSamples: number;
  leadTime: LeadTime;
  /** Those merged in the window, oldest first. */
  mergesets: MeasuredMergeset[];
  /** All that wait for a deployment, oldest first, also those merged before the window. */
  pending: MeasuredMergeset[];
  /** Those that succeeded, failed or ran in the window, oldest first. */
  deployments: AnswerDeployment[];
  /** The deployment that guard mode judges. */
  judged: AnswerDeployment | null;
  /** Why there is none, where guard mode was asked about one. */
  unjudged: Unjudged | null;
  /** What the numbers do not say by themselves. */
  beside: Beside;
  /** Whether nothing that was deployed holds anything of the branch. */
  isForeign: boolean;
  /** What a source has to say of what it read. */
  told: readonly Remark[];
  findings: Finding[];
  /** How sure the verdict is, and what the time before says. */
  signal: Signal;
  /** What slipped lately against the team's own past. */
  change: AnswerChange | null;
  gaps: Gap[];
  diagnosis: Diagnosis;
  /** The way through the stages before; `null`: there are none. */
  way: Way | null;
  /** The same figures by label. */
  splits: Split[];
  /** From the first commit to live; `null`: not asked. */
  codeToLive: CodeToLive | null;
  /** Whether the window ends in a freeze. */
  isFrozen: boolean;
  /** Regions that its deployments are put together of. */
  regions: readonly string[];
}

/** What slipped, with the files of the pipeline that went in there; `null`: that is not known. */
export type AnswerChange = Change & { files: ChangedFile[] | null };

/** Why and when it was asked. */
export interface Asked {
  mode: Mode;
  generatedAt: Date;
  /** The window as it was asked for; by default as it was measured. */
  asked?: Window;
  change?: AnswerChange | null;
  way?: Way | null;
  splits?: Split[];
  codeToLive?: CodeToLive | null;
}

/** From the first commit to live. */
export interface CodeToLive {
  leadTime: LeadTime;
  /** Changes whose first commit is not known, or dated after the merge. */
  undated: number;
}

/** Lays side by side what each stage came to. */
export function answerOf(
  repo: RepositoryFacts,
  unit: Unit,
  name: UnitName,
  { remarks = [], regions = [] }: Pick<UnitFacts, 'remarks' | 'regions'>,
  measurement: Measurement,
  diagnosis: Diagnosis,
  { verdict, findings, judged, unjudged, gaps, signal }: Judgement,
  {
    mode,
    generatedAt,
    asked = measurement.window,
    change = null,
    way = null,
    splits = [],
    codeToLive = null,
  }: Asked,
): UnitAnswer {
  const deployments = measurement.deployments.map((each) => withOrigin(each, diagnosis));
  return {
    ...verdict,
    name,
    repository: repo.repository,
    repositoryUrl: repo.url,
    environment: unit.environment,
    baseBranch: repo.baseBranch,
    generatedAt,
    window: measurement.window,
    askedWindow: asked,
    target: { ...unit.target, thresholdSeconds: thresholdOf(unit.target) },
    mode,
    maxBatch: unit.policy.maxBatch,
    minSamples: unit.policy.minSamples,
    leadTime: measurement.leadTime,
    mergesets: measurement.mergesets,
    pending: measurement.pending,
    deployments,
    judged: judged && (deployments.find((each) => each.id === judged.id) ?? null),
    unjudged,
    beside: measurement.beside,
    isForeign: measurement.isForeign,
    told: remarks,
    findings,
    signal,
    change,
    gaps,
    diagnosis,
    way,
    splits,
    codeToLive,
    isFrozen: measurement.isFrozen,
    regions,
  };
}

function withOrigin(each: MeasuredDeployment, { origins, evictions }: Diagnosis): AnswerDeployment {
  const origin = origins.get(each.id);
  return {
    ...each,
    trigger: origin?.trigger ?? each.deployment.trigger,
    url: each.deployment.url ?? origin?.url ?? null,
    causes: [...each.causes, ...(evictions.get(each.id) ?? [])],
  };
}
