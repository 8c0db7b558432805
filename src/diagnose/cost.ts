/** What waiting costs, by the essay's rule of thumb. */
export interface Cost {
  /** The time class that lead time falls into. */
  shipsIn: 'minutes' | 'hours' | 'days' | 'weeks' | 'months';
  engineers: number;
  /** How many it takes to do at this pace what they would do shipping in under fifteen minutes. */
  needed: number;
  /** A year: what the difference costs. */
  extraCostPerYear: number;
  /** Of that, by its ISO 4217 code. */
  currency: string;
}

const FASTER_CLASSES: { shipsIn: Cost['shipsIn']; below: number; factor: number }[] = [
  { shipsIn: 'minutes', below: 3600, factor: 1 },
  { shipsIn: 'hours', below: 86_400, factor: 2 },
  { shipsIn: 'days', below: 7 * 86_400, factor: 4 },
  { shipsIn: 'weeks', below: 30 * 86_400, factor: 8 },
];
const MONTHS = { shipsIn: 'months' as const, factor: 16 };

/**
 * With n engineers needed when changes ship in under fifteen minutes, hours take 2n, days 4n, weeks 8n, months 16n.
 * (Charity Majors, "How much is your fear of continuous deployment costing you?"; she calls it a rule of thumb.)
 *
 * @param leadTimeSeconds - below an hour is minutes: the rule's next band is hours.
 * @param currency - an ISO 4217 code.
 */
export function costOf(
  leadTimeSeconds: number,
  engineers: number,
  engineerCost: number,
  currency = 'USD',
): Cost {
  const { shipsIn, factor } = FASTER_CLASSES.find((each) => leadTimeSeconds < each.below) ?? MONTHS;
  const needed = engineers * factor;
  return { shipsIn, engineers, needed, extraCostPerYear: (needed - engineers) * engineerCost, currency };
}
