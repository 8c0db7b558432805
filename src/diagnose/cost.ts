/** What waiting costs, by the essay's rule of thumb. */
export interface Cost {
  /** The time class that lead time falls into. */
  shipsIn: 'minutes' | 'hours' | 'days' | 'weeks' | 'months';
  engineers: number;
  /** How many it takes to do at this pace what they would do shipping in under fifteen minutes. */
  needed: number;
  /** In the currency of `engineerCost`, a year: what the difference costs. */
  extraCostPerYear: number;
}

const FASTER_CLASSES: { shipsIn: Cost['shipsIn']; below: number; factor: number }[] = [
  { shipsIn: 'minutes', below: 15 * 60, factor: 1 },
  { shipsIn: 'hours', below: 86_400, factor: 2 },
  { shipsIn: 'days', below: 7 * 86_400, factor: 4 },
  { shipsIn: 'weeks', below: 30 * 86_400, factor: 8 },
];
const MONTHS = { shipsIn: 'months' as const, factor: 16 };

/**
 * With n engineers needed when changes ship in under fifteen minutes, hours take 2n, days 4n, weeks 8n, months 16n.
 * (Charity Majors, "How much is your fear of continuous deployment costing you?"; she calls it a rule of thumb.)
 *
 * @param leadTimeSeconds - exactly fifteen minutes counts as minutes still.
 */
export function costOf(leadTimeSeconds: number, engineers: number, engineerCost: number): Cost {
  const { shipsIn, factor } =
    FASTER_CLASSES.find((each) =>
      each.shipsIn === 'minutes' ? leadTimeSeconds <= each.below : leadTimeSeconds < each.below,
    ) ?? MONTHS;
  const needed = engineers * factor;
  return { shipsIn, engineers, needed, extraCostPerYear: (needed - engineers) * engineerCost };
}
