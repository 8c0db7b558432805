/** How long one mergeset took, or has waited so far. */
export interface Observation {
  /** Seconds, zero or more. */
  seconds: number;
  /** Whether it is live; otherwise it is right-censored: it will take longer than this. */
  shipped: boolean;
}

export interface SurvivalStep {
  seconds: number;
  /** The share still not live just after this time. */
  survival: number;
  atRisk: number;
  shipped: number;
  censored: number;
}

/** Two shares that differ by less than this are the same: products of fractions are not exact. */
export const ROUNDING = 1e-9;

/**
 * The Kaplan–Meier estimate of the share not yet live after a time: S(t) = ∏ (1 − dᵢ / nᵢ) over the times tᵢ ≤ t,
 * dᵢ of the nᵢ still at risk having gone live at tᵢ. One censored at a time is still at risk at that time.
 * (Kaplan and Meier, 1958: "Nonparametric estimation from incomplete observations".)
 *
 * @returns one step for each distinct time, in order; empty for no observations.
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
    for (; i < sorted.length && sorted[i]?.seconds === seconds; i++) {
      if (sorted[i]?.shipped) shipped++;
      else censored++;
    }
    survival *= 1 - shipped / atRisk;
    steps.push({ seconds, survival, atRisk, shipped, censored });
  }
  return steps;
}

/**
 * The smallest time t with S(t) ≤ 1 − q, in seconds: for q = 0.5 the median.
 *
 * @param q - between 0 and 1.
 * @returns `null` where the curve never falls that far; the quantile is then at least the last step's time.
 */
export function quantile(curve: readonly SurvivalStep[], q: number): number | null {
  return curve.find((step) => step.survival <= 1 - q + ROUNDING)?.seconds ?? null;
}

/** A quantile of complete times, in the same sense as of lead times: the smallest by which that share is done. */
export function quantileOf(times: readonly number[], q: number): number {
  return quantile(survivalCurve(times.map((seconds) => ({ seconds, shipped: true }))), q) ?? 0;
}
