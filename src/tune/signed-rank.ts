/**
 * @file Wilcoxon's signed-rank test of paired differences, one-sided.
 * Reference: Wilcoxon 1945, doi:10.2307/3001968; zeros are split as in scipy's `zero_method="zsplit"`: they are ranked with the others, and half of
 * their ranks counts on either side. Up to 50 differences the distribution is exact, ties and zeros as they are: all 2^n signs of the ranks seen.
 * Beyond, the normal approximation with the variance that ties leave, without continuity correction (scipy's default).
 */
import { midranks } from "../metrics/ranks.ts";
import { normalCdf } from "../metrics/normal.ts";

/** More signs than this are not counted: 2^50 is within the integers that a double holds. */
const EXACT_MOST = 50;

/**
 * The p-value against "differences are symmetric about zero" for "they tend to be above zero".
 * @param differences [n], finite
 * @returns 1 for no differences
 */
export function signedRankGreater(differences: readonly number[]): number {
  if (differences.some((d) => !Number.isFinite(d)))
    throw new RangeError(`signedRankGreater: differences must be finite, got ${differences.join(", ")}`);
  const n = differences.length;
  if (n === 0) return 1;
  const ranks = midranks(differences.map(Math.abs));
  const plus = differences.reduce((sum, d, i) => sum + (d > 0 ? ranks[i] : d === 0 ? ranks[i] / 2 : 0), 0);
  if (n > EXACT_MOST) return normalCdf((expected(n) - plus) / Math.sqrt(varianceOf(ranks)));
  const zeros = differences.reduce((sum, d, i) => sum + (d === 0 ? ranks[i] / 2 : 0), 0);
  return exactTail(
    ranks.filter((_, i) => differences[i] !== 0),
    plus - zeros,
  );
}

const expected = (n: number): number => (n * (n + 1)) / 4;

/** Of the rank sum: `n(n + 1)(2n + 1)/24 - Σ(t³ - t)/48` over groups of t ties, which is a quarter of the sum of squared ranks. Zeros are one such group. */
const varianceOf = (ranks: Float64Array): number => ranks.reduce((sum, rank) => sum + rank ** 2 / 4, 0);

/** P(sum of the ranks with sign + ≥ `plus`) over all signs. Ranks are halves, so their doubles index the counts. */
function exactTail(ranks: Float64Array, plus: number): number {
  const most = ranks.reduce((sum, rank) => sum + 2 * rank, 0);
  const counts = new Float64Array(most + 1);
  counts[0] = 1;
  for (const rank of ranks) for (let sum = most; sum >= 2 * rank; sum--) counts[sum] += counts[sum - 2 * rank];
  return counts.subarray(Math.round(2 * plus)).reduce((sum, count) => sum + count, 0) / 2 ** ranks.length;
}
