import type { FindingKind } from '../model/terms.ts';
import type { Report, RunReport } from './contract.ts';
import { reportsOf, subjectsIn, worstFirst } from './parts.ts';
import { countedFindings, FINDING_WORDS, rarestFirst } from './words.ts';

/** Annotations of a run, over all services. GitHub shows ten of each severity, and people read fewer. */
const MOST = 10;

export interface Annotation {
  severity: Report['findings'][number]['severity'];
  title: string;
  message: string;
}

/** The severities, the gravest first. */
const SEVERITIES = ['error', 'warning', 'notice'] as const;

interface Noted {
  annotation: Annotation;
  kind: FindingKind;
}

/**
 * The findings of a run as annotations: at most ten, the gravest and the worst service first. The last one counts the rest.
 * A finding that does not fail the step is a warning, even if its service calls it an error. On a pull request the
 * comment has the findings, and a warning on every push would be noise, so only errors are shown.
 */
export function annotationsOf(run: Report | RunReport): Annotation[] {
  const reports = worstFirst(reportsOf(run));
  const subjects = subjectsIn(reports);
  const findings = reports.flatMap((report) => notedIn(report, subjects.includes(report)));
  const inOrder = SEVERITIES.flatMap((severity) =>
    findings.filter(({ annotation }) => annotation.severity === severity),
  );
  const first = reports.flatMap(ownDeployment);
  const room = MOST - first.length;
  const shown = inOrder.length <= room ? inOrder : inOrder.slice(0, room - 1);
  const others = inOrder.slice(shown.length);
  return [
    ...first,
    ...shown.map(({ annotation }) => annotation),
    ...(others.length > 0
      ? [
          {
            severity: others[0]?.annotation.severity ?? 'notice',
            title: 'Deploy latency',
            message: `${others.length} more: ${countedFindings(others)}. See the job summary for the full list.`,
          },
        ]
      : []),
  ];
}

function notedIn(report: Report, isSubject: boolean): Noted[] {
  const findings =
    report.mode === 'pull-request'
      ? report.findings.filter(({ severity }) => severity === 'error')
      : report.findings;
  return rarestFirst(findings).map(({ kind, severity, message }) => ({
    kind,
    annotation: {
      severity: severity === 'error' && !isSubject ? 'warning' : severity,
      title: FINDING_WORDS[kind].title,
      message,
    },
  }));
}

/** If this step fails the job that deploys, GitHub records the deployment itself as failed. */
function ownDeployment({ deployments, findings }: Report): Annotation[] {
  const running = deployments.find((deployment) => deployment.assumed);
  if (!running || !findings.some((finding) => finding.severity === 'error')) return [];
  return [
    {
      severity: 'warning',
      title: 'The guard is part of the deployment',
      message: `This step fails the job that deploys ${running.sha.slice(0, 7)}, so GitHub will record the deployment as failed although it is live. Move the guard to a job of its own with "needs:" on the deploying job, or set "fail-on: none".`,
    },
  ];
}
