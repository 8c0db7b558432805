/** Names of jobs as a run shows them: `caller / job (values of a matrix)`. */

/** True if `rest` is empty or the values of a matrix. */
const isEndOfName = (rest: string): boolean =>
  rest === '' || (rest.startsWith(' (') && !rest.includes(') / '));

const isLegOf = (wanted: string, name: string): boolean =>
  name.startsWith(wanted) && isEndOfName(name.slice(wanted.length));

/** True if a job has the wanted name, apart from a matrix's values after it and a calling job's name before it. */
export const isJobNamed = (wanted: string, name: string): boolean =>
  isLegOf(wanted, name) || isEndOfName(name.split(` / ${wanted}`).slice(1).at(-1) ?? '-');

/** The jobs of a run with a name: every leg of its matrix. Jobs of called workflows match if no other job does. */
export function jobsNamed<T extends { name: string }>(wanted: string, jobs: readonly T[]): T[] {
  const own = jobs.filter((job) => isLegOf(wanted, job.name));
  return own.length > 0 ? own : jobs.filter((job) => isJobNamed(wanted, job.name));
}

const DEPLOYS = /deploy|release|publish|promote|roll-?out|\bship\b/i;
const DEPLOYS_ELSEWHERE = /preview|review|storybook|\bdocs?\b/i;

/** True if the name of a job or a step says that it deploys. Used if the workflow file does not say it. */
export const looksDeploying = (name: string): boolean => DEPLOYS.test(name) && !DEPLOYS_ELSEWHERE.test(name);
