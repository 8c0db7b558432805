/**
 * Pettitt's test for one change of level in a series, of which nothing else is assumed: U(t) = Σ_{i≤t} Σ_{j>t}
 * sgn(xᵢ − xⱼ), K = max |U(t)|, p ≈ 2 exp(−6 K² / (n³ + n²)), at most 1. It goes by ranks alone, so that the logarithm of
 * a series changes nothing. (Pettitt, 1979: "A non-parametric approach to the change-point problem", Applied Statistics 28.)
 */
export interface Pettitt {
  /** How many values stand before the change: the first t with |U(t)| = K. */
  before: number;
  /** U at the change: negative where the values after it are larger. */
  u: number;
  /** The approximate significance. */
  p: number;
}

/**
 * @param series - in order of time; fewer than two values are no series.
 * @param margin - so many values at least stand on each side of the change.
 * @returns `null` where the series is too short for that.
 */
export function pettitt(series: readonly number[], margin = 1): Pettitt | null {
  const n = series.length;
  if (n < 2 * Math.max(1, margin)) return null;
  let u = 0;
  let best: Pettitt | null = null;
  for (let t = 1; t < n; t++) {
    // U(t) = U(t − 1) + Σⱼ sgn(xₜ − xⱼ) over all j.
    const x = series[t - 1] as number;
    // By index: in a run's few calls the iterators of a loop over values would cost more than the comparisons.
    for (let j = 0; j < n; j++) {
      const other = series[j] as number;
      u += x > other ? 1 : x < other ? -1 : 0;
    }
    if (t < margin || n - t < margin) continue;
    if (best === null || Math.abs(u) > Math.abs(best.u))
      best = { before: t, u, p: Math.min(1, 2 * Math.exp((-6 * u * u) / (n ** 3 + n ** 2))) };
  }
  return best;
}
