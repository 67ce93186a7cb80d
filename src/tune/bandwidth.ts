/**
 * @file Widths of the kernels of a Parzen estimator.
 * Reference: Optuna 4.9, samplers/_tpe/parzen_estimator.py; Watanabe 2023, arXiv 2304.11127, section 3.3.
 */
import { order } from "../metrics/ranks.ts";

/**
 * Standard deviation of the kernel of each observation.
 * Multivariate: Scott's rate, `0.2 n^(-1/(d + 4))` of the range, the same for all. Otherwise the larger distance to the neighbours, at the
 * ends that to the only neighbour. Clipped to the range above, and below to `range / min(100, n + 2)` with `magicClip`.
 * @param observed [n] positions within from and to
 * @param dimensions d, parameters in the group
 * @returns [n]
 */
export function bandwidths(
  observed: readonly number[],
  from: number,
  to: number,
  dimensions: number,
  { magicClip, multivariate }: { magicClip: boolean; multivariate: boolean },
): number[] {
  const [n, range] = [observed.length, to - from];
  const least = magicClip ? range / Math.min(100, n + 2) : 1e-12;
  const clip = (sd: number) => Math.min(range, Math.max(least, sd));
  if (multivariate) return observed.map(() => clip(0.2 * n ** (-1 / (dimensions + 4)) * range));
  const sorted = order(observed);
  const widths = new Array<number>(n);
  sorted.forEach((at, i) => {
    const left = i > 0 ? observed[at] - observed[sorted[i - 1]] : observed[at] - from;
    const right = i < n - 1 ? observed[sorted[i + 1]] - observed[at] : to - observed[at];
    widths[at] = clip(n < 2 || (i > 0 && i < n - 1) ? Math.max(left, right) : i === 0 ? right : left);
  });
  return widths;
}
