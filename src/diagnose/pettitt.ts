/**
 * Pettitt's test for one change of level in a series. It assumes nothing about the distribution of the values:
 * U(t) = Σ_{i≤t} Σ_{j>t} sgn(xᵢ − xⱼ), K = max |U(t)|, p ≈ 2 exp(−6 K² / (n³ + n²)), at most 1. The test uses ranks
 * only, so the logarithm of a series gives the same result. (Pettitt, 1979: "A non-parametric approach to the
 * change-point problem", Applied Statistics 28.)
 */
export interface Pettitt {
  /** Number of values before the change: the first t with |U(t)| = K. */
  before: number;
  /** U at the change: negative if the values after it are larger. */
  u: number;
  /** The approximate significance. */
  p: number;
}

/**
 * @param series - in order of time.
 * @param margin - the least number of values on each side of the change.
 * @returns `null` if the series is too short for the margin, or has fewer than two values.
 */
export function pettitt(series: readonly number[], margin = 1): Pettitt | null {
  const n = series.length;
  if (n < 2 * Math.max(1, margin)) return null;
  let u = 0;
  let best: Pettitt | null = null;
  for (let t = 1; t < n; t++) {
    // U(t) = U(t − 1) + Σⱼ sgn(xₜ − xⱼ) over all j.
    const x = series[t - 1] as number;
    // An index is faster here than an iterator, which would cost more than the comparisons.
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
