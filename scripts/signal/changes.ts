import { MAX_VALUES, slipIn } from '../../src/diagnose/change.ts';
import { timelineOfTeam } from './teams.ts';

/** How often a slip is reported for a steady team, and how many real slips are found. */

interface Case {
  rate: number;
  sigma: number;
}

const DAY = 86_400_000;
/** Days before notices count: enough for sixty deployments of the slowest team. */
const WARMING = 200;
const APART = 28;
const SECONDS = 600;

/** Notices a year for a team that does not change, checked each week. */
export function noticesAYear({ rate, sigma }: Case, years: number, seed: number): number {
  let count = 0;
  for (let i = 0; i < years; i++) {
    const days = WARMING + 365;
    const look = lookerOf({ rate, sigma, median: () => SECONDS, days, seed: seed + i * 7919 });
    let notice: { day: number } | null = null;
    for (let day = WARMING; day < days; day += 7) {
      if (notice && day - notice.day < APART) continue;
      const slip = look(day);
      if (slip && (notice === null || slip.firstBad.at > notice.day * DAY)) {
        count += 1;
        notice = { day };
      }
    }
  }
  return count / years;
}

/** The shares of slips by a quarter that are found within two and within four weeks. */
export function slipsFound(
  { rate, sigma }: Case,
  teams: number,
  seed: number,
): { within2: number; within4: number } {
  const [step, early] = [100, 7];
  let [within2, within4] = [0, 0];
  for (let i = 0; i < teams; i++) {
    const median = (day: number) => (day < step ? SECONDS : SECONDS * 1.25);
    const look = lookerOf({ rate, sigma, median, days: step + 29, seed: seed + i * 104_729 });
    // Checked at the end of each day; the slip has to be about this step.
    const firstFound = Array.from({ length: 28 }, (_, day) => look(step + 1 + day)).findIndex(
      (slip) => slip !== null && slip.firstBad.at > (step - early) * DAY,
    );
    if (firstFound >= 0 && firstFound < 14) within2 += 1;
    if (firstFound >= 0) within4 += 1;
  }
  return { within2: within2 / teams, within4: within4 / teams };
}

function lookerOf(team: Omit<Parameters<typeof timelineOfTeam>[0], 'kind'>) {
  const { deployments } = timelineOfTeam({ kind: 'plain', ...team });
  return (day: number) => {
    const known = deployments.filter(({ at }) => at <= day * DAY).slice(-MAX_VALUES);
    return slipIn({ values: known.map(({ medianSeconds }) => medianSeconds ?? 0), points: known });
  };
}
