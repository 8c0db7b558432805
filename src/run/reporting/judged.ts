import type { Change, ChangedFile } from '../../diagnose/change.ts';
import type { Diagnosis } from '../../diagnose/diagnose.ts';
import type { Judgement } from '../../judge/judge.ts';
import type { codeToLiveOf, Measurement } from '../../measure/measure.ts';
import type { Split } from '../../measure/splits.ts';
import type { Way } from '../../measure/way.ts';
import type { RepositoryFacts, UnitFacts } from '../../model/facts.ts';
import type { Mode, Window } from '../../model/terms.ts';
import type { Unit } from '../../model/unit.ts';

/** What judgement gives for one service, side by side. */
export interface Judged {
  repository: Pick<RepositoryFacts, 'repository' | 'url' | 'baseBranch'>;
  /** With its environment as GitHub spells it. */
  service: Pick<Unit, 'service' | 'environment' | 'target' | 'policy'>;
  own: Pick<UnitFacts, 'remarks' | 'regions'>;
  measurement: Measurement;
  diagnosis: Diagnosis;
  judgement: Judgement;
  mode: Mode;
  generatedAt: Date;
  /** The window as it was asked for: the measured one begins earlier where it was widened. */
  asked: Window;
  /** What slipped lately against the team's own past, with the files of the pipeline that went in there. */
  change: (Change & { files: ChangedFile[] | null }) | null;
  way: Way | null;
  splits: readonly Split[];
  /** `null`: not asked for. */
  codeToLive: ReturnType<typeof codeToLiveOf> | null;
}
