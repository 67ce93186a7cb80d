/**
 * @file Sample quantiles by linear interpolation of the order statistics.
 * Reference: Hyndman & Fan 1996, "Sample quantiles in statistical packages", definition 7 (R's and NumPy's default), doi:10.2307/2684934.
 */

/**
 * Quantile R-7: order statistic at `h = (n - 1) q`, interpolated.
 * @param values [n], any order, not changed
 * @param q 0–1
 * @returns NaN for no values
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile: q must be within 0 and 1, got ${q}`);
  const sorted = new Float64Array(values).sort();
  const h = (sorted.length - 1) * q;
  const low = Math.floor(h);
  const a = sorted[low] ?? NaN;
  const b = sorted[low + 1] ?? a;
  return a === b ? a : a + (h - low) * (b - a);
}
