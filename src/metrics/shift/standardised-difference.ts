/**
 * @file How far the means of two samples lie apart, in standard deviations: a unit that width in pixels and a share of marks have in common.
 * Reference: Austin 2009, doi:10.1002/sim.3697, eq. 1 (pooled variance = mean of the two) and §2: from 0.1 on groups are called unbalanced.
 */
import { mean, variance } from "../moments.ts";

/**
 * `(mean(b) - mean(a)) / √((var(a) + var(b)) / 2)`, with sample variances.
 * @param a, b [n], [m]; two values each at least
 * @returns 0 for equal samples; ±Infinity where means differ and nothing varies; NaN for fewer than two values
 */
export function standardisedDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [distance, spread] = [mean(b) - mean(a), Math.sqrt((variance(a) + variance(b)) / 2)];
  return distance === 0 && spread === 0 ? 0 : distance / spread;
}
