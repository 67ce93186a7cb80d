/** @file Cliff's delta, an effect size of ranks. Reference: Cliff 1993, doi:10.1037/0033-2909.114.3.494. */
import { auroc } from "./auroc.ts";

/**
 * P(a > b) - P(a < b) over all pairs: 1 where every a lies above every b, 0 without a difference, -1 the other way.
 * @returns NaN where a sample is empty
 */
export function cliffsDelta(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const labels = Float64Array.from({ length: a.length + b.length }, (_, i) => (i < a.length ? 1 : 0));
  return cliffsDeltaByLabel(labels, [...Array.from(a), ...Array.from(b)]);
}

/** Cliff's delta of the values of label 1 against those of label 0: `2·AUROC - 1`. */
export const cliffsDeltaByLabel = (labels: ArrayLike<number>, values: ArrayLike<number>): number => 2 * auroc(labels, values) - 1;
