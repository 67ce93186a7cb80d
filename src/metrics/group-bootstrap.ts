/**
 * @file The bootstrap over groups: images of one patient enter and leave together, so intervals are as wide as they ought to be.
 * Reference: Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13 (percentile interval); whole clusters drawn with
 * replacement: Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x.
 */
import type { Rng } from "../util/rng.ts";
import { quantile } from "./quantile.ts";
import { rowsByGroup } from "./groups.ts";

export interface BootstrapOptions {
  /** [rows], the group of each row */
  groups: ArrayLike<string | number>;
  /** [rows]; given, groups are drawn within their kind (all 0, all 1, both), so every resample holds both classes */
  labels?: ArrayLike<number>;
  /** the estimate from these rows; a row comes twice if its group was drawn twice. NaN = undefined for them. Metrics of ranks: see `tallied` */
  statistic: (rows: Int32Array) => number;
  bootstraps: number;
  rng: Rng;
}

/** Draws whole groups with replacement, as many as there are, within strata. @returns the rows of another resample each time */
export function resampler({ groups, labels, rng }: Pick<BootstrapOptions, "groups" | "labels" | "rng">): () => Int32Array {
  if (labels && labels.length !== groups.length)
    throw new RangeError(`groupBootstrap: one label a row, got ${labels.length} labels and ${groups.length} rows`);
  const strata = new Map<string, number[][]>();
  for (const rows of rowsByGroup(groups)) {
    const kind = labels ? [...new Set(rows.map((row) => labels[row]))].sort((a, b) => a - b).join() : "";
    const stratum = strata.get(kind);
    if (stratum) stratum.push(rows);
    else strata.set(kind, [rows]);
  }
  return () => {
    const drawn: number[][] = [];
    let size = 0;
    for (const stratum of strata.values())
      for (let left = stratum.length; left > 0; left--) {
        const rows = stratum[rng.int(stratum.length)];
        drawn.push(rows);
        size += rows.length;
      }
    const all = new Int32Array(size);
    let at = 0;
    for (const rows of drawn) for (let i = 0; i < rows.length; i++) all[at++] = rows[i];
    return all;
  };
}

/**
 * The statistic over resamples. Resamples where it is NaN (one class only, say) are drawn again and counted.
 * @throws RangeError where more resamples had to be redrawn than were wanted: the statistic is not defined on such data
 */
export function bootstrapDistribution(options: BootstrapOptions): { values: Float64Array; redrawn: number } {
  const draw = resampler(options);
  const values = new Float64Array(options.bootstraps);
  let redrawn = 0;
  for (let b = 0; b < values.length;) {
    values[b] = options.statistic(draw());
    if (!Number.isNaN(values[b])) b++;
    else if (++redrawn > values.length)
      throw new RangeError(`groupBootstrap: the statistic must be a number on most resamples, got NaN on ${redrawn} of ${b + redrawn}`);
  }
  return { values, redrawn };
}

/**
 * An estimate with its percentile interval over resampled groups.
 * @param level of the interval
 * @returns all NaN where the estimate itself is
 */
export function groupBootstrap(options: BootstrapOptions & { level?: number }): { estimate: number; low: number; high: number } {
  const { groups, statistic, level = 0.95 } = options;
  const estimate = statistic(Int32Array.from({ length: groups.length }, (_, row) => row));
  if (Number.isNaN(estimate)) return { estimate, low: NaN, high: NaN };
  const { values } = bootstrapDistribution(options);
  return { estimate, low: quantile(values, (1 - level) / 2), high: quantile(values, (1 + level) / 2) };
}

/** `values` at `rows`: what a statistic does first. */
export function pick(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]]!;
  return picked;
}
