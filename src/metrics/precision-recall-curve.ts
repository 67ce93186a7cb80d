/**
 * @file The precision-recall curve for drawing: a step function, whose area is the average precision.
 * Reference: Davis & Goadrich 2006, doi:10.1145/1143844.1143874 (why not to join its points by straight lines).
 */
import { evenly } from "./roc-curve.ts";
import { forEachThreshold, tally, type Tallies } from "./tallies.ts";

/** From the first positive found to the last: one point a distinct score that a positive has. */
export interface PrecisionRecallCurve {
  /** [points] ascending, the last is 1. From the recall before (0 at first) to this one the curve is level at this precision */
  recall: Float64Array;
  /** [points] */
  precision: Float64Array;
  /** [points] a case is called positive when its score ≥ threshold; descending */
  thresholds: Float64Array;
}

/** @param labels [cases], 1 = positive @returns no point without a positive */
export const precisionRecallCurve = (labels: ArrayLike<number>, scores: ArrayLike<number>): PrecisionRecallCurve =>
  precisionRecallCurveOf(tally("precisionRecallCurve", labels, scores));

/** {@link precisionRecallCurve} of counted cases, for `tallied`. */
export function precisionRecallCurveOf(tallies: Tallies): PrecisionRecallCurve {
  const size = tallies.scores.length;
  const [recall, precision, thresholds] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  let [count, before] = [0, 0];
  forEachThreshold(tallies, (threshold, hits, alarms) => {
    if (hits === before) return;
    before = hits;
    recall[count] = hits / tallies.m;
    precision[count] = hits / (hits + alarms);
    thresholds[count++] = threshold;
  });
  return { recall: recall.subarray(0, count), precision: precision.subarray(0, count), thresholds: thresholds.subarray(0, count) };
}

/** The curve as [recall, precision] pairs, to be drawn in steps; where there are more than `limit`, evenly spaced ones, first and last always. */
export function thinPrecisionRecall({ recall, precision }: PrecisionRecallCurve, limit = 400): [number, number][] {
  if (!(limit >= 2)) throw new RangeError(`thinPrecisionRecall: limit must be at least 2, got ${limit}`);
  return evenly(
    Array.from(recall, (x, i): [number, number] => [x, precision[i]]),
    limit,
  );
}
