/**
 * @file Placement values: how well each single case is ranked against the other class. Their mean is the AUROC, their spread its variance.
 * Reference: DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595, eq. 4–5 (structural components).
 */
import { countPositives } from "./binary.ts";
import { countBelow, countUpTo } from "./bisect.ts";

export interface Placements {
  /** mean of the positives' values, and of the negatives' as well; NaN where one class is absent */
  auroc: number;
  /** [cases]: of a positive the share of negatives below it, of a negative the share of positives above it; ties count 1/2 */
  values: Float64Array;
  positives: number;
  negatives: number;
}

/**
 * @param name of the function that errors are told of
 * @param labels [cases], 1 = positive
 * @param scores [cases], higher = more positive
 */
export function placements(name: string, labels: ArrayLike<number>, scores: ArrayLike<number>): Placements {
  const positives = countPositives(name, labels, scores);
  const negatives = labels.length - positives;
  const sorted = [new Float64Array(negatives), new Float64Array(positives)] as const;
  for (let i = 0, p = 0; i < labels.length; i++) {
    if (labels[i] === 1) sorted[1][p++] = scores[i]!;
    else sorted[0][i - p] = scores[i]!;
  }
  for (const scoresOfClass of sorted) scoresOfClass.sort(); // typed arrays sort by value, several times faster than through a comparison
  const values = new Float64Array(labels.length);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const others = sorted[labels[i] === 1 ? 0 : 1];
    const lower = countBelow(others, scores[i]);
    const upTo = others[lower] === scores[i] ? countUpTo(others, scores[i]) : lower; // a second search only where there are ties
    const below = (lower + upTo) / (2 * others.length);
    values[i] = labels[i] === 1 ? below : 1 - below;
    if (labels[i] === 1) sum += below;
  }
  return { auroc: sum / positives, values, positives, negatives };
}
