import type { Answer } from '../../src/guard.ts';

/** What the report says of a pull request. */
export function changeOf({ report }: Answer, number: number) {
  return report.mergesets.find((each) => each.number === number);
}

/** What the report says of a deployment. */
export function deploymentOf({ report }: Answer, id: number | string) {
  return report.deployments.find((each) => each.id === id);
}
