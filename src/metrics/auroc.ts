/**
 * @file Area under the receiver operating characteristic.
 * Reference: Hanley & McNeil 1982, doi:10.1148/radiology.143.1.7063747; Bamber 1975: the area is the Mann-Whitney U over m·n.
 */
import { countPositives } from "./binary.ts";

/**
 * P(score of a positive > score of a negative), ties count 1/2: `U / (m·n)` for m positives and n negatives, both sorted, in one merging pass.
 * @param labels [cases], 1 = positive
 * @param scores [cases], higher = more positive; any scale
 * @returns 0–1; NaN where only one class is there
 */
export function auroc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const m = countPositives("auroc", labels, scores);
  const n = labels.length - m;
  const positives = new Float64Array(m);
  const negatives = new Float64Array(n);
  for (let i = 0, p = 0; i < labels.length; i++) {
    if (labels[i] === 1) positives[p++] = scores[i]!;
    else negatives[i - p] = scores[i]!;
  }
  positives.sort(); // typed arrays sort by value, several times faster than ranks through a comparison function
  negatives.sort();
  let u = 0;
  for (let p = 0, below = 0, upTo = 0; p < m; p++) {
    while (below < n && negatives[below] < positives[p]) below++;
    while (upTo < n && negatives[upTo] <= positives[p]) upTo++;
    u += (below + upTo) / 2;
  }
  return u / (m * n);
}
