/** How long a change took to go live, or has waited so far. */
export interface Observation {
  /** Seconds, zero or more. */
  seconds: number;
  /** True if it is live. A pending change is right-censored: it will take longer than this. */
  shipped: boolean;
  /** True if it waits only for idle regions, so that it does not show how long changes take. */
  waitsForIdleRegions?: boolean | undefined;
}

export interface SurvivalStep {
  seconds: number;
  /** Share that is not live just after this time. */
  survival: number;
  atRisk: number;
  shipped: number;
  censored: number;
}

/** Shares that differ by less are equal, because products of fractions are not exact. */
export const ROUNDING = 1e-9;

/**
 * The Kaplan–Meier estimate of the share that is not live after a time: S(t) = ∏ (1 − dᵢ / nᵢ) over the times tᵢ ≤ t, if
 * dᵢ of the nᵢ changes at risk go live at tᵢ. A change that is censored at a time is at risk at that time.
 * (Kaplan and Meier, 1958: "Nonparametric estimation from incomplete observations".)
 *
 * @returns a step for each distinct time, in order; empty without observations.
 */
export function survivalCurve(observations: readonly Observation[]): SurvivalStep[] {
  const sorted = [...observations].sort((a, b) => a.seconds - b.seconds);
  const steps: SurvivalStep[] = [];
  let survival = 1;
  for (let i = 0; i < sorted.length; ) {
    const seconds = sorted[i]?.seconds ?? 0;
    const atRisk = sorted.length - i;
    let shipped = 0;
    let censored = 0;
    // The first one always counts, so that the loop ends even if its time is not a number.
    do {
      if (sorted[i]?.shipped) shipped++;
      else censored++;
      i++;
    } while (i < sorted.length && sorted[i]?.seconds === seconds);
    survival *= 1 - shipped / atRisk;
    steps.push({ seconds, survival, atRisk, shipped, censored });
  }
  return steps;
}

/**
 * The smallest time t with S(t) ≤ 1 − q, in seconds. For q = 0.5 this is the median.
 *
 * @param q - between 0 and 1.
 * @returns `null` if the curve does not fall that far. The quantile is then at least the time of the last step.
 */
export function quantile(curve: readonly SurvivalStep[], q: number): number | null {
  return curve.find((step) => step.survival <= 1 - q + ROUNDING)?.seconds ?? null;
}

/** A quantile of complete times, defined as for lead times; 0 without times. */
export function quantileOf(times: readonly number[], q: number): number {
  return quantile(survivalCurve(times.map((seconds) => ({ seconds, shipped: true }))), q) ?? 0;
}
