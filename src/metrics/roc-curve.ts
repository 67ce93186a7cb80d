/** @file The receiver operating characteristic, whole and thinned for display. Reference: Fawcett 2006, doi:10.1016/j.patrec.2005.10.010, algorithm 1. */
import { forEachThreshold, tally, type Tallies } from "./tallies.ts";

/** Points of the curve from (0, 0) to (1, 1), one a distinct score. */
export interface RocCurve {
  /** false positive rate: 1 - specificity, ascending */
  fpr: Float64Array;
  /** true positive rate: sensitivity, ascending */
  tpr: Float64Array;
  /** a case is called positive when its score ≥ threshold; descending, the first is Infinity */
  thresholds: Float64Array;
}

/**
 * All points of the curve (no collinear one is dropped, unlike scikit-learn's default).
 * @param labels [cases], 1 = positive; rates of an absent class are NaN
 */
export const rocCurve = (labels: ArrayLike<number>, scores: ArrayLike<number>): RocCurve => rocCurveOf(tally("rocCurve", labels, scores));

/** {@link rocCurve} of counted cases, for `tallied`. */
export function rocCurveOf(tallies: Tallies): RocCurve {
  const size = tallies.scores.length + 1;
  const [fpr, tpr, thresholds] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  let count = 0;
  forEachThreshold(tallies, (threshold, truePositives, falsePositives) => {
    fpr[count] = falsePositives / tallies.n;
    tpr[count] = truePositives / tallies.m;
    thresholds[count++] = threshold;
  });
  return { fpr: fpr.subarray(0, count), tpr: tpr.subarray(0, count), thresholds: thresholds.subarray(0, count) };
}

/**
 * The curve as [fpr, tpr] pairs for drawing: points within a straight run are dropped (the line stays the same);
 * where more than `limit` corners are left, evenly spaced ones of them are kept, both ends always.
 */
export function thinRoc({ fpr, tpr }: RocCurve, limit = 400): [number, number][] {
  if (!(limit >= 2)) throw new RangeError(`thinRoc: limit must be at least 2, got ${limit}`);
  const corners: [number, number][] = [];
  for (let i = 0; i < fpr.length; i++) {
    const [x, y] = [fpr[i], tpr[i]];
    const [a, b] = [corners.at(-2), corners.at(-1)];
    // the last corner lies on the line from the one before it to this point: it is none
    if (a && b && Math.abs((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) < 1e-12) corners.pop();
    corners.push([x, y]);
  }
  return evenly(corners, limit);
}

/** At most `limit` of the items, evenly spaced, both ends among them. */
export function evenly<T>(items: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_, i) => items[Math.round((i * (items.length - 1)) / (limit - 1))]);
}
