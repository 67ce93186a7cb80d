/**
 * @file Average precision: the step-wise area under the precision-recall curve.
 * Reference: scikit-learn `average_precision_score`, AP = Σ (R_k - R_{k-1}) P_k over distinct scores; the trapezoid is another, optimistic number
 * (Davis & Goadrich 2006, doi:10.1145/1143844.1143874).
 */
import { countPositives } from "./binary.ts";
import { order } from "./ranks.ts";

/**
 * @param labels [cases], 1 = positive
 * @param scores [cases], higher = more positive; ties enter together
 * @returns 0–1; NaN without a positive case. A score without meaning gives the share of positives.
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const m = countPositives("averagePrecision", labels, scores);
  const descending = order(scores).reverse();
  let hits = 0;
  let hitsBefore = 0;
  let sum = 0;
  descending.forEach((position, i) => {
    hits += labels[position];
    if (i + 1 < descending.length && scores[descending[i + 1]] === scores[position]) return;
    sum += (hits - hitsBefore) * (hits / (i + 1));
    hitsBefore = hits;
  });
  return sum / m;
}
