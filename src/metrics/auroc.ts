/**
 * @file Area under the receiver operating characteristic.
 * Reference: Hanley & McNeil 1982, doi:10.1148/radiology.143.1.7063747; Bamber 1975: the area is the Mann-Whitney U over m·n.
 */
import { tally, type Tallies } from "./tallies.ts";

/**
 * P(score of a positive > score of a negative), ties count 1/2: `U / (m·n)` for m positives and n negatives.
 * @param labels [cases], 1 = positive
 * @param scores [cases], higher = more positive; any scale
 * @returns 0–1; NaN where only one class is there
 */
export const auroc = (labels: ArrayLike<number>, scores: ArrayLike<number>): number => aurocOf(tally("auroc", labels, scores));

/** {@link auroc} of counted cases, for `tallied`. Halves add up exactly, so the order of the cases changes no bit. */
export function aurocOf({ positives, negatives, m, n }: Tallies): number {
  let u = 0;
  for (let i = 0, above = 0; i < positives.length; above += positives[i++]) u += negatives[i] * (above + positives[i] / 2);
  return u / (m * n);
}
