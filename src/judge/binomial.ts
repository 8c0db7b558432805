/**
 * The chance of `k` or more successes in `n` independent trials: P(Bin(n, p) ≥ k) = Σ_{i=k}^{n} C(n, i) pⁱ (1 − p)ⁿ⁻ⁱ.
 * Exact up to rounding. Each term follows from its neighbor, starting from the largest, so that no term underflows early.
 * (Clopper and Pearson, 1934, use the same sum.)
 *
 * @param n - trials, a whole number of at least 0.
 * @param k - successes. 0 or fewer are certain, more than `n` are impossible.
 * @param p - the chance of one success, from 0 to 1.
 */
export function atLeast(n: number, k: number, p = 0.5): number {
  if (k <= 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.max(0, Math.floor((n + 1) * p)));
  let above = 0;
  let below = 0;
  for (let i = mode, term = 1; i <= n; i++) {
    if (i >= k) above += term;
    else below += term;
    term *= ((n - i) / (i + 1)) * odds;
    if (term < Number.MIN_VALUE) break;
  }
  for (let i = mode, term = 1; i > 0; i--) {
    term *= i / (n - i + 1) / odds;
    if (term < Number.MIN_VALUE) break;
    if (i - 1 >= k) above += term;
    else below += term;
  }
  return above / (above + below);
}
