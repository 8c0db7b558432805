import type { FindingKind } from '../model/terms.ts';
import type { Report, RunReport } from './contract.ts';
import { subjectsIn, worstFirst } from './parts.ts';
import { rarestFirst, restWords } from './words.ts';

/** GitHub shows no more annotations of a kind than this for a step. */
const MOST_OF_A_KIND = 10;

export interface Annotation {
  severity: Report['findings'][number]['severity'];
  title: string;
  message: string;
}

const TITLES: Record<FindingKind, string> = {
  drift: 'Deploy latency has drifted',
  batch: 'Batched deployment',
  slow: 'Slow to live',
  stuck: 'Merged, but not live',
  manual: 'Deployed by hand',
  'no-data': 'Deploy latency: no verdict',
  'budget-spent': 'Error budget spent',
  'budget-burning': 'Error budget burning',
};

/**
 * The findings as annotations, the gravest first: at most ten of each severity, the last of them counting the rest.
 * On a pull request the comment says it; a warning at each of its pushes would be noise, so only errors are shown.
 */
export function annotationsOf(report: Report): Annotation[] {
  const severities = (['error', 'warning', 'notice'] as const).slice(
    0,
    report.mode === 'pull-request' ? 1 : 3,
  );
  return [
    ...ownDeployment(report),
    ...severities.flatMap((severity) => {
      const all = rarestFirst(report.findings.filter((finding) => finding.severity === severity));
      const room = all.length <= MOST_OF_A_KIND ? all.length : MOST_OF_A_KIND - 1;
      const shown = all
        .slice(0, room)
        .map(({ kind, message }) => ({ severity, title: TITLES[kind], message }));
      if (room === all.length) return shown;
      return [...shown, { severity, title: 'Deploy latency', message: restWords(all.slice(room)) }];
    }),
  ];
}

/** Failing in the job that deploys would make GitHub record the deployment itself as failed. */
function ownDeployment({ deployments, findings }: Report): Annotation[] {
  const own = deployments.find((deployment) => deployment.assumed);
  if (!own || !findings.some((finding) => finding.severity === 'error')) return [];
  return [
    {
      severity: 'warning',
      title: 'The guard is part of the deployment',
      message: `This step is about to fail the job of deployment ${own.id}, which GitHub will then record as failed although it is live. Give the guard a job of its own with "needs:" on the one that deploys, or set "fail-on: none".`,
    },
  ];
}

/** Those of all services, the worst service first. What does not fail the step is no error of it. */
export function annotationsOfRun({ units: reports }: RunReport): Annotation[] {
  const subjects = subjectsIn(reports);
  return worstFirst(reports).flatMap((report) =>
    annotationsOf(report).map((annotation) =>
      annotation.severity === 'error' && !subjects.includes(report)
        ? { ...annotation, severity: 'warning' as const }
        : annotation,
    ),
  );
}
