/**
 * @file Average precision: the step-wise area under the precision-recall curve.
 * Reference: scikit-learn `average_precision_score`, AP = Σ (R_k - R_{k-1}) P_k over distinct scores; the trapezoid is another, optimistic number
 * (Davis & Goadrich 2006, doi:10.1145/1143844.1143874).
 */
import { tally, type Tallies } from "./tallies.ts";

/**
 * @param labels [cases], 1 = positive
 * @param scores [cases], higher = more positive; ties enter together
 * @returns 0–1; NaN without a positive case. A score without meaning gives the share of positives.
 */
export const averagePrecision = (labels: ArrayLike<number>, scores: ArrayLike<number>): number =>
  averagePrecisionOf(tally("averagePrecision", labels, scores));

/** {@link averagePrecision} of counted cases, for `tallied`. */
export function averagePrecisionOf({ positives, negatives, m }: Tallies): number {
  let [hits, called, sum] = [0, 0, 0];
  for (let i = 0; i < positives.length; i++) {
    called += positives[i] + negatives[i];
    if (positives[i] === 0) continue;
    hits += positives[i];
    sum += positives[i] * (hits / called);
  }
  return sum / m;
}
