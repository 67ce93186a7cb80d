/**
 * @file How many positives and negatives have each score: all that a metric of ranks needs, made by one sort, or for a resample by counting.
 * A resample of sorted cases needs no sorting: its cases only count otherwise. So 2,000 bootstraps cost 2,000 passes.
 */
import { countPositives } from "./binary.ts";
import { countBelow } from "./bisect.ts";

/** Cases by their score. A level without a case, which resamples have, changes no metric. */
export interface Tallies {
  /** [levels] distinct scores from high to low */
  scores: Float64Array;
  /** [levels] cases of class 1 with that score */
  positives: Float64Array;
  /** [levels] cases of class 0 with that score */
  negatives: Float64Array;
  /** all cases of class 1 */
  m: number;
  /** all cases of class 0 */
  n: number;
}

/**
 * @param name of the function that errors are told of
 * @param labels [cases], 1 = positive
 * @param scores [cases], higher = more positive
 */
export function tally(name: string, labels: ArrayLike<number>, scores: ArrayLike<number>): Tallies {
  const m = countPositives(name, labels, scores);
  const sorted = [new Float64Array(labels.length - m), new Float64Array(m)] as const;
  for (let i = 0, p = 0; i < labels.length; i++) {
    if (labels[i] === 1) sorted[1][p++] = scores[i]!;
    else sorted[0][i - p] = scores[i]!;
  }
  for (const scoresOfClass of sorted) scoresOfClass.sort(); // typed arrays sort by value, several times faster than through a comparison
  const levels = [new Float64Array(labels.length), new Float64Array(labels.length), new Float64Array(labels.length)] as const;
  const [distinct, negatives, positives] = levels;
  let [q, p] = [sorted[0].length - 1, m - 1];
  let count = 0;
  for (; p >= 0 || q >= 0; count++) {
    const score = Math.max(p >= 0 ? sorted[1][p] : -Infinity, q >= 0 ? sorted[0][q] : -Infinity);
    distinct[count] = score;
    for (; p >= 0 && sorted[1][p] === score; p--) positives[count]++;
    for (; q >= 0 && sorted[0][q] === score; q--) negatives[count]++;
  }
  const [a, b, c] = levels.map((level) => level.subarray(0, count)) as [Float64Array, Float64Array, Float64Array];
  return { scores: a, negatives: b, positives: c, m, n: labels.length - m };
}

/**
 * A metric as a statistic of rows for groupBootstrap: sorted here once, counted anew for every resample. It gives what the metric gives
 * of the picked rows, to the last bit.
 * @param metric may keep nothing of what it is given: the arrays are filled anew each time
 */
export function tallied<T>(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  metric: (tallies: Tallies) => T,
): (rows: ArrayLike<number>) => T {
  const whole = tally("tallied", labels, scores);
  const levels = whole.scores.length;
  const rising = whole.scores.slice().reverse();
  /** [cases] level of a negative, levels + level of a positive: one look-up a row */
  const slot = Int32Array.from(labels, (label, i) => (label === 1 ? levels : 0) + levels - 1 - countBelow(rising, scores[i]));
  const counts = new Float64Array(2 * levels);
  const [negatives, positives] = [counts.subarray(0, levels), counts.subarray(levels)];
  return (rows) => {
    counts.fill(0);
    let m = 0;
    for (let i = 0; i < rows.length; i++) {
      const at = slot[rows[i]];
      counts[at]++;
      if (at >= levels) m++;
    }
    return metric({ scores: whole.scores, positives, negatives, m, n: rows.length - m });
  };
}

/**
 * Every way to call cases positive by a threshold, from nobody (threshold Infinity) to everybody: cases with score ≥ threshold.
 * @param visit gets the threshold and how many positives and negatives lie at or above it
 */
export function forEachThreshold(
  { scores, positives, negatives }: Tallies,
  visit: (threshold: number, truePositives: number, falsePositives: number) => void,
): void {
  let [hits, alarms] = [0, 0];
  visit(Infinity, 0, 0);
  for (let i = 0; i < scores.length; i++) {
    if (positives[i] === 0 && negatives[i] === 0) continue;
    visit(scores[i], (hits += positives[i]), (alarms += negatives[i]));
  }
}
