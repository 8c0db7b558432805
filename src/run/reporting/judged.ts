import type { Change, ChangedFile } from '../../diagnose/change.ts';
import type { Diagnosis } from '../../diagnose/diagnose.ts';
import type { Judgement } from '../../judge/judge.ts';
import type { Attribution } from '../../measure/attribution.ts';
import type { codeToLiveOf, Measurement } from '../../measure/measure.ts';
import type { Split } from '../../measure/splits.ts';
import type { PromotionPath } from '../../measure/promotion-path.ts';
import type { Remark, RepositoryFacts, ServiceFacts } from '../../model/facts.ts';
import type { Observation } from '../../model/survival.ts';
import type { Mode, Window } from '../../model/terms.ts';
import type { Service } from '../../model/service.ts';

/** Deployments are recorded elsewhere since a time, so that changes only seem to wait. */
export interface MovedRecord {
  what: string;
  fix: string;
}

/** No deployment was tried since a time, although changes went on being merged. */
export interface StoppedRecord {
  since: Date;
  /** With the options to set if deployments are recorded elsewhere now. */
  reason: string;
}

/** Why changes wait, if the record of deployments shows it. */
export interface RecordState {
  moved?: MovedRecord | undefined;
  stopped?: StoppedRecord | undefined;
}

/** All the time that was read: the window, and the time before it if that was needed. */
export interface LongestPeriod extends Pick<Measurement, 'window'>, Pick<Attribution, 'shipments'> {
  observations: Observation[];
  firstMerge: Date;
}

/** All that the report of a service is made from. */
export interface Judged extends RecordState {
  repository: Pick<RepositoryFacts, 'repository' | 'url' | 'baseBranch'>;
  /** The environment is spelled as on GitHub. */
  service: Pick<Service, 'service' | 'environment' | 'target' | 'policy'>;
  facts: Pick<ServiceFacts, 'remarks' | 'regions' | 'idleRegions'>;
  measurement: Measurement;
  longest: LongestPeriod;
  diagnosis: Diagnosis;
  judgement: Judgement;
  mode: Mode;
  generatedAt: Date;
  /** The window before it was widened. */
  requestedWindow: Window;
  /** A recent slowdown against the team's own past, with the pipeline files that changed then. */
  change: (Change & { files: ChangedFile[] | null }) | null;
  promotion: PromotionPath | null;
  /** Why there is no verdict although everything was read. */
  noVerdict?: MovedRecord | null;
  /** Remarks about cases that few repositories have. */
  rareRemarks?: readonly Remark[];
  splits: readonly Split[];
  codeToLive: ReturnType<typeof codeToLiveOf>;
}
