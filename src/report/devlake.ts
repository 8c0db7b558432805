import { devlakeWordOf } from '../model/devlake.ts';
import type { Report, ReportedDeployment } from './contract.ts';

/** Deployments as Apache DevLake's webhook takes them: `POST …/plugins/webhook/connections/:id/deployments`, one body each. */

/** A body a line, oldest first: of deployments that have ended, at a time that is known. */
export function devlakeLinesOf(answers: readonly Report[]): string {
  return answers
    .flatMap((answer) => answer.deployments.flatMap((each) => bodyOf(answer, each) ?? []))
    .map((body) => `${JSON.stringify(body)}\n`)
    .join('');
}

function bodyOf(
  answer: Report,
  { id, outcome, sha, createdAt, succeededAt, at, url, assumed }: ReportedDeployment,
): object | null {
  const finished = outcome === 'success' ? succeededAt : (at ?? null);
  if (outcome === 'running' || finished === null || assumed) return null;
  const service = answer.service;
  // A body is known again by its id: what is sent twice is one deployment.
  const times = { startedDate: createdAt, finishedDate: finished };
  const result = outcome === 'success' ? 'SUCCESS' : 'FAILURE';
  return {
    id: [answer.repository, answer.environment, service, id].filter((each) => each !== undefined).join(' '),
    displayTitle: `${service ?? answer.repository} to ${answer.environment}`,
    result,
    environment: devlakeWordOf(answer.environment),
    originalEnvironment: answer.environment,
    createdDate: times.startedDate,
    ...times,
    deploymentCommits: [
      {
        repoUrl: answer.repositoryUrl,
        refName: answer.baseBranch,
        commitSha: sha,
        name: url ?? String(id),
        result,
        ...times,
      },
    ],
  };
}
