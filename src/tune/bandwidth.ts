/**
 * @file Widths of the kernels of a Parzen estimator.
 * Reference: Optuna 4.9, samplers/_tpe/parzen_estimator.py; Watanabe 2023, arXiv 2304.11127, section 3.3; Scott 1992, "Multivariate density
 * estimation", doi:10.1002/9780470316849, section 6.3.
 */
import type { TpeConfig } from "../config/tune.ts";
import { variance } from "../metrics/moments.ts";
import { order } from "../metrics/ranks.ts";

/** Width of one kernel as a share of the range, before the rate by n: Optuna's. */
const WIDTH = 0.2;
/** Trials that the width above counts as among those that show how far good ones spread. */
const PRIOR_TRIALS = 2;

export type BandwidthOptions = Pick<TpeConfig, "magicClip" | "multivariate" | "bandwidth">;

/**
 * Standard deviation of the kernel of each observation. Multivariate, the same for all, by Scott's rate `n^(-1/(d + 4))`:
 * - `range`: of 0.2 of the range, as Optuna; clipped below to `range / min(100, n + 2)` with `magicClip`;
 * - `spread`: of the observations' standard deviation (Scott's rule), drawn towards 0.2 of the range by two trials, so that few trials do not
 *   fix it: `v = (Σ (x - mean)² + 2 (0.2 range)²) / (n + 2)`; clipped below to a hundredth of the range.
 * Otherwise the larger distance to the neighbours, at the ends that to the only neighbour, with the clips of `range`.
 * @param observed [n] positions within from and to
 * @param dimensions d, parameters in the group
 * @returns [n]
 */
export function bandwidths(
  observed: readonly number[],
  from: number,
  to: number,
  dimensions: number,
  { magicClip, multivariate, bandwidth }: BandwidthOptions,
): number[] {
  const [n, range] = [observed.length, to - from];
  const least = magicClip ? range / Math.min(100, n + 2) : 1e-12;
  const clip = (sd: number, least: number) => Math.min(range, Math.max(least, sd));
  const rate = n ** (-1 / (dimensions + 4));
  if (multivariate && bandwidth === "range") return observed.map(() => clip(rate * WIDTH * range, least));
  if (multivariate) {
    const squares = n > 0 ? n * variance(observed, 0) : 0;
    const sd = Math.sqrt((squares + PRIOR_TRIALS * (WIDTH * range) ** 2) / (n + PRIOR_TRIALS));
    return observed.map(() => clip(rate * sd, range / 100));
  }
  const sorted = order(observed);
  const widths = new Array<number>(n);
  sorted.forEach((at, i) => {
    const left = i > 0 ? observed[at] - observed[sorted[i - 1]] : observed[at] - from;
    const right = i < n - 1 ? observed[sorted[i + 1]] - observed[at] : to - observed[at];
    widths[at] = clip(n < 2 || (i > 0 && i < n - 1) ? Math.max(left, right) : i === 0 ? right : left, least);
  });
  return widths;
}
