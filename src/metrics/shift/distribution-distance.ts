/**
 * @file How far two samples' distribution functions lie apart: at their widest (Kolmogorov–Smirnov) and altogether (Wasserstein-1), with a p by
 * exchange of whole groups between the samples.
 * Reference: Smirnov 1948, doi:10.1214/aoms/1177730256; Vallender 1974, doi:10.1137/1118101 (W₁ = ∫ |F - G|); Good 2005, Permutation, Parametric
 * and Bootstrap Tests of Hypotheses, ch. 3 (exchange of units).
 */
import { shuffle, type Rng } from "../../util/rng.ts";
import { rowsByGroup } from "../groups.ts";
import { permutationTails } from "../p-values.ts";
import { order } from "../ranks.ts";

export interface Distance {
  /** `sup |F_b - F_a|`, 0–1 */
  ks: number;
  /** `∫ |F_b - F_a|`, in the unit of the values */
  wasserstein: number;
}

/** @param a, b values of the two samples, one each at least */
export function distributionDistance(a: ArrayLike<number>, b: ArrayLike<number>): Distance {
  if (a.length === 0 || b.length === 0)
    throw new RangeError(`distributionDistance: each sample must hold a value, got ${a.length} and ${b.length}`);
  const values = Float64Array.from([...Array.from(a), ...Array.from(b)]);
  return between(values, order(values), (row) => row >= a.length);
}

/** One pass over all values in rising order. */
function between(values: ArrayLike<number>, rising: ArrayLike<number>, isB: (row: number) => boolean): Distance {
  let inB = 0;
  for (let row = 0; row < values.length; row++) if (isB(row)) inB++;
  const [stepA, stepB] = [1 / (values.length - inB), 1 / inB];
  let [below, ks, wasserstein] = [0, 0, 0]; // F_b - F_a so far
  for (let i = 0; i < rising.length; i++) {
    below += isB(rising[i]) ? stepB : -stepA;
    const gap = i + 1 < rising.length ? values[rising[i + 1]] - values[rising[i]] : 0;
    if (gap === 0) continue; // of equal values the last one counts
    ks = Math.max(ks, Math.abs(below));
    wasserstein += Math.abs(below) * gap;
  }
  return { ks, wasserstein };
}

export interface TwoSamples {
  /** [rows], of both samples */
  values: ArrayLike<number>;
  /** [rows], 0 for the first sample and 1 for the second */
  samples: ArrayLike<number>;
  /** [rows]; a group lies in one sample */
  groups: ArrayLike<string | number>;
  permutations: number;
  rng: Rng;
}

/**
 * The distance, and how often samples of as many groups, dealt anew, lie as far apart by ks: valid where groups of both samples are drawn alike.
 * @throws RangeError where a group lies in both samples
 */
export function distanceTest({ values, samples, groups, permutations, rng }: TwoSamples): Distance & { p: number } {
  const units = rowsByGroup(groups);
  const side = Uint8Array.from(units, (rows) => samples[rows[0]]);
  units.forEach((rows, unit) => {
    if (rows.some((row) => samples[row] !== side[unit]))
      throw new RangeError(`distanceTest: a group must lie in one sample, got ${groups[rows[0]]} in both`);
  });
  const rising = order(values);
  const dealt = Uint8Array.from(samples);
  const isB = (row: number) => dealt[row] === 1;
  const observed = between(values, rising, isB);
  const simulated = Array.from({ length: permutations }, () => {
    shuffle(side, rng);
    units.forEach((rows, unit) => rows.forEach((row) => (dealt[row] = side[unit])));
    return between(values, rising, isB).ks;
  });
  return { ...observed, p: permutationTails(observed.ks, simulated).greater };
}
