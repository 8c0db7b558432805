import type { Change, ChangedFile } from '../../diagnose/change.ts';
import type { Diagnosis } from '../../diagnose/diagnose.ts';
import type { Judgement } from '../../judge/judge.ts';
import type { codeToLiveOf, Measurement } from '../../measure/measure.ts';
import type { Split } from '../../measure/splits.ts';
import type { PromotionPath } from '../../measure/promotion-path.ts';
import type { RepositoryFacts, ServiceFacts } from '../../model/facts.ts';
import type { Mode, Window } from '../../model/terms.ts';
import type { Service } from '../../model/service.ts';

/** What judgement gives for one service, side by side. */
export interface Judged {
  repository: Pick<RepositoryFacts, 'repository' | 'url' | 'baseBranch'>;
  /** With its environment as GitHub spells it. */
  service: Pick<Service, 'service' | 'environment' | 'target' | 'policy'>;
  facts: Pick<ServiceFacts, 'remarks' | 'regions'>;
  measurement: Measurement;
  diagnosis: Diagnosis;
  judgement: Judgement;
  mode: Mode;
  generatedAt: Date;
  /** The window as it was asked for: the measured one begins earlier where it was widened. */
  requestedWindow: Window;
  /** What slipped lately against the team's own past, with the files of the pipeline that went in there. */
  change: (Change & { files: ChangedFile[] | null }) | null;
  promotion: PromotionPath | null;
  splits: readonly Split[];
  /** `null`: not asked for. */
  codeToLive: ReturnType<typeof codeToLiveOf> | null;
}
