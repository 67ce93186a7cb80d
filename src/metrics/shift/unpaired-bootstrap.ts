/**
 * @file A statistic of two independent samples, such as a difference: groups of each are resampled by themselves.
 * Reference: Efron & Tibshirani 1993, An Introduction to the Bootstrap, §8.3 (two samples), ch. 13 (percentile interval).
 */
import type { Rng } from "../../util/rng.ts";
import { resampler, type BootstrapOptions } from "../group-bootstrap.ts";
import { quantile } from "../quantile.ts";

export interface Estimated {
  estimate: number;
  low: number;
  high: number;
}

export interface UnpairedSamples {
  /** groups of each row; with labels, groups are drawn within classes */
  a: Pick<BootstrapOptions, "groups" | "labels">;
  b: Pick<BootstrapOptions, "groups" | "labels">;
  /** of rows of either sample; NaN = undefined for them */
  statistic: (rowsOfA: Int32Array, rowsOfB: Int32Array) => number;
  bootstraps: number;
  rng: Rng;
}

const rowsOf = ({ groups }: Pick<BootstrapOptions, "groups">): Int32Array => Int32Array.from({ length: groups.length }, (_, row) => row);

/**
 * The statistic with its 95 % percentile interval. Resamples where it is NaN are drawn again.
 * @returns all NaN where the estimate is, or where more resamples had to be redrawn than were wanted
 */
export function unpairedSamples({ a, b, statistic, bootstraps, rng }: UnpairedSamples): Estimated {
  const nothing = { estimate: NaN, low: NaN, high: NaN };
  const estimate = statistic(rowsOf(a), rowsOf(b));
  if (Number.isNaN(estimate)) return nothing;
  const [drawA, drawB] = [a, b].map((sample) => resampler({ ...sample, rng }));
  const values = new Float64Array(bootstraps);
  for (let at = 0, redrawn = 0; at < values.length;) {
    values[at] = statistic(drawA(), drawB());
    if (!Number.isNaN(values[at])) at++;
    else if (++redrawn > bootstraps) return nothing;
  }
  return { estimate, low: quantile(values, 0.025), high: quantile(values, 0.975) };
}

/** One sample with its estimate; `stretch` multiplies how far resamples lie from it (1 unless given). */
export interface Sample extends Pick<BootstrapOptions, "groups" | "labels" | "statistic"> {
  stretch?: number;
}

/**
 * Estimate of `b` minus that of `a`, as {@link unpairedSamples}.
 * An out-of-fold estimate varies more than its resamples do, since folds share training images: `stretch` it by {@link foldStretch}.
 */
export function unpairedDifference({ a, b, bootstraps, rng }: { a: Sample; b: Sample; bootstraps: number; rng: Rng }): Estimated {
  const stretched = ({ statistic, stretch = 1, ...sample }: Sample) => {
    const estimate = statistic(rowsOf(sample));
    return (rows: Int32Array) => estimate + stretch * (statistic(rows) - estimate);
  };
  const [ofA, ofB] = [stretched(a), stretched(b)];
  return unpairedSamples({ a, b, statistic: (rowsOfA, rowsOfB) => ofB(rowsOfB) - ofA(rowsOfA), bootstraps, rng });
}

/** As `widenForFolds` (../widen-for-folds.ts) has it: `√(1 + k / (k - 1))` for k folds; 1 for one fold, which shares nothing. */
export const foldStretch = (folds: number): number => (folds < 2 ? 1 : Math.sqrt(1 + folds / (folds - 1)));
