import { ask, type StepAnswer } from './ask.ts';
import { ancestorsIn, answersOfServers } from './oracle.ts';
import { type Kind, type ServerTeam, serverTeam } from './server-team.ts';

/** Texts that say of a kind of record that the servers may have run something else. */
const SAYS: Partial<Record<Kind, RegExp>> = {
  branch: /recorded a newer commit of the branch/,
  'branch, no log':
    /^an older commit may have been deployed|GitHub recorded the newest commit of the branch/m,
  workflow_run: /workflow_run|checked out the commit that triggered it/,
  input: /^an older commit may have been deployed/m,
  revoked: /marked failed/,
  recovered: /marked failed/,
  'marked late': /marked failed/,
  'continue-on-error': /continue-on-error/,
  elsewhere: /deployments go to|runs instead of/,
  moved: /deployments go to|runs instead of|No deployment to \S+ was recorded since/,
};

export interface Difference {
  seed: number;
  kind: Kind | 'verdict';
  isSaid: boolean;
  line: string;
}

export interface Compared {
  changes: number;
  differences: Difference[];
  /** True if there is no verdict although there could be one, because of a gap. */
  isWithheld: boolean;
  verdict: string;
}

/** Compares the guard's answer with what the servers ran. */
export async function compareRecords(seed: number): Promise<Compared> {
  const team = serverTeam(seed);
  const answer = await ask(team.world, {
    now: new Date(Math.max(...lastTimes(team), team.to)).toISOString(),
    inputs: { ...team.inputs, 'as-of': new Date(team.to).toISOString() },
  });
  const { report } = answer;
  const askedFrom = Date.parse(report.window.askedFrom ?? report.window.from);
  const truth = truthOf(team, Date.parse(report.window.from));
  const texts = textsOf(answer);
  const differences: Difference[] = [];
  let changes = 0;
  for (const [number, right] of truth) {
    const change = report.mergesets.find((mergeset) => mergeset.number === number);
    // A window that grew may leave out changes before the one that was asked for.
    if (right.mergedAt < askedFrom && !change) continue;
    changes += 1;
    const seconds = change?.leadTimeSeconds ?? null;
    if (change && !change.untimed && seconds === right.seconds) continue;
    // The guard does not look elsewhere for a change that may still be deployed in time.
    if ((change?.waitingSeconds ?? Number.POSITIVE_INFINITY) <= targetOf(team)) continue;
    const wrong = wrongFor(team, right, change ?? null);
    const kinds = [...new Set(wrong.map(({ kind }) => kind))];
    const kind = kinds[0] ?? 'plain';
    const said = `${texts}\n${change?.notes.join('\n') ?? ''}`;
    const isSaid = change?.untimed || (kinds.length > 0 && kinds.every((kind) => SAYS[kind]?.test(said)));
    differences.push({
      seed,
      kind,
      isSaid: isSaid === true,
      line: `#${number}: the servers ${right.seconds} (${right.deployment}), the guard ${change ? `${seconds} (${change.deployment})` : 'nothing'}`,
    });
  }
  const status = statusOf([...truth.values()], team, Date.parse(report.window.to));
  const isUnreadable = report.reason === 'unreadable';
  if (status !== report.status && !isUnreadable)
    differences.push({
      seed,
      kind: 'verdict',
      isSaid:
        differences.length > 0 &&
        differences.every(({ kind, isSaid }) => isSaid && /figures?|verdict/.test(texts) && kind !== 'plain'),
      line: `the servers ${status}, the guard ${report.status}: ${report.sentence}`,
    });
  return {
    changes,
    differences: differences.map((difference) => ({
      ...difference,
      line: `${team.description}: ${difference.line}`,
    })),
    isWithheld: isUnreadable && differences.length === 0,
    verdict: report.status,
  };
}

const textsOf = ({ report }: StepAnswer): string =>
  [...report.remarks, ...report.completeness.gaps]
    .map(({ what, consequence }) => `${what} ${consequence}`)
    .join('\n');

const lastTimes = ({ world }: ServerTeam): number[] =>
  [
    ...world.deployments.flatMap(({ statuses }) => statuses.map(({ createdAt }) => createdAt)),
    ...(world.runs ?? []).map(({ updatedAt }) => updatedAt),
    ...world.commits.map(({ committedDate }) => committedDate),
  ].map((time) => Date.parse(time));

/**
 * The wrong records that explain a difference: of the deployment that brought the change to the servers, or that the guard
 * believes did. With several regions, another region's deployment may decide, so all wrong records of the time count.
 */
function wrongFor(
  { world, wrong, regions }: ServerTeam,
  right: Truth,
  change: { deployment: number | string | null; leadTimeSeconds: number | null } | null,
): ServerTeam['wrong'] {
  const isEarly = change !== null && secondsOf({ seconds: change.leadTimeSeconds }) < secondsOf(right);
  const blamed = isEarly ? change.deployment : right.deployment;
  const direct = wrong.filter(({ id }) => id === blamed);
  if (direct.length > 0 || regions.length === 1) return direct;
  const until =
    right.mergedAt +
    Math.max(secondsOf(right), secondsOf({ seconds: change?.leadTimeSeconds ?? null })) * 1000;
  const ancestors = ancestorsIn(world);
  const isAbout = ({ sha, recorded }: (typeof wrong)[number]) =>
    sha === recorded || ancestors(sha).has(right.mergeCommit) !== ancestors(recorded).has(right.mergeCommit);
  return wrong.filter(
    (record) => record.lasts >= right.mergedAt && record.created <= until && isAbout(record),
  );
}

/** Seconds to live; endless while pending. */
const secondsOf = ({ seconds }: { seconds: number | null }): number => seconds ?? Number.POSITIVE_INFINITY;

interface Truth {
  mergeCommit: string;
  mergedAt: number;
  seconds: number | null;
  deployment: number | null;
}

/** When each change ran in all regions, and the deployment that brought it to the last one. */
function truthOf({ world, regions, liveWith, to }: ServerTeam, from: number): Map<number, Truth> {
  const answers = regions.map((versions) => answersOfServers(world, versions, from, to).changes);
  return new Map(
    [...(answers[0]?.keys() ?? [])].map((number) => {
      const inRegions = answers.flatMap((changes) => changes.get(number) ?? []);
      const inOrder = inRegions.sort((a, b) => secondsOf(a) - secondsOf(b));
      const decisive = liveWith === 'first' ? inOrder[0] : inOrder.at(-1);
      const pull = world.pulls.find((other) => other.number === number);
      const [mergedAt, mergeCommit] = [Date.parse(pull?.mergedAt ?? ''), pull?.mergeCommit ?? ''];
      return [number, { seconds: null, deployment: null, ...decisive, mergedAt, mergeCommit }];
    }),
  );
}

const targetOf = ({ inputs }: Pick<ServerTeam, 'inputs'>) => Number.parseInt(inputs.target ?? '', 10) * 60;

/** The verdict for the median: the shortest time within which half of the changes are live, by Kaplan and Meier. */
function statusOf(changes: readonly Truth[], { inputs }: Pick<ServerTeam, 'inputs'>, to: number): string {
  const target = targetOf({ inputs });
  if (changes.length < Number(inputs['min-samples'])) return 'insufficient-data';
  const times = changes
    .map(({ seconds, mergedAt }) => ({
      isLive: seconds !== null,
      time: seconds ?? Math.floor((to - mergedAt) / 1000),
    }))
    .sort((a, b) => a.time - b.time || Number(b.isLive) - Number(a.isLive));
  let share = 1;
  for (const [i, { isLive, time }] of times.entries()) {
    if (isLive) share *= 1 - 1 / (times.length - i);
    if (share > 0.5 + 1e-9) continue;
    return time <= target ? 'on-target' : time <= target * 1.25 ? 'slipping' : 'drifted';
  }
  return (times.at(-1)?.time ?? 0) > target * 1.25 ? 'drifted' : 'insufficient-data';
}
