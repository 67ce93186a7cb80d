/**
 * @file What a score can do where one of its two error rates is fixed: points of the empirical ROC curve, no interpolation.
 * Reference: Pepe 2003, The Statistical Evaluation of Medical Tests for Classification and Prediction, §4.2.
 */
import { forEachThreshold, tally, type Tallies } from "./tallies.ts";

/** A threshold and what it does: a case is called positive when its score ≥ threshold. */
export interface OperatingPoint {
  /** Infinity calls nobody positive */
  threshold: number;
  /** NaN without positives */
  sensitivity: number;
  /** NaN without negatives */
  specificity: number;
}

/** The highest sensitivity among thresholds with specificity ≥ `specificity`; of equal ones the highest threshold. @param labels [cases], 1 = positive */
export const sensitivityAtSpecificity = (labels: ArrayLike<number>, scores: ArrayLike<number>, specificity: number): OperatingPoint =>
  sensitivityAtSpecificityOf(tally("sensitivityAtSpecificity", labels, scores), specificity);

/** The highest specificity among thresholds with sensitivity ≥ `sensitivity`: the highest such threshold. @param labels [cases], 1 = positive */
export const specificityAtSensitivity = (labels: ArrayLike<number>, scores: ArrayLike<number>, sensitivity: number): OperatingPoint =>
  specificityAtSensitivityOf(tally("specificityAtSensitivity", labels, scores), sensitivity);

/** {@link sensitivityAtSpecificity} of counted cases, for `tallied`. */
export const sensitivityAtSpecificityOf = (tallies: Tallies, specificity: number): OperatingPoint =>
  highest("sensitivityAtSpecificity", tallies, specificity, (point) => (point.specificity >= specificity ? point.sensitivity : -Infinity));

/** {@link specificityAtSensitivity} of counted cases, for `tallied`. */
export const specificityAtSensitivityOf = (tallies: Tallies, sensitivity: number): OperatingPoint =>
  highest("specificityAtSensitivity", tallies, sensitivity, (point) => (point.sensitivity >= sensitivity ? point.specificity : -Infinity));

/** The point of highest worth, the first one of equals. k/n is the double nearest to it, and so is a rate written in decimals: `>=` is exact. */
function highest(name: string, tallies: Tallies, rate: number, worthOf: (point: OperatingPoint) => number): OperatingPoint {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`${name}: the fixed rate must be within 0 and 1, got ${rate}`);
  const { m, n } = tallies;
  const best = { threshold: NaN, sensitivity: NaN, specificity: NaN };
  if (m === 0 || n === 0) return best;
  const point = { threshold: NaN, sensitivity: NaN, specificity: NaN };
  let most = -Infinity;
  forEachThreshold(tallies, (threshold, truePositives, falsePositives) => {
    point.threshold = threshold;
    point.sensitivity = truePositives / m;
    point.specificity = (n - falsePositives) / n;
    const worth = worthOf(point);
    if (worth <= most) return;
    most = worth;
    Object.assign(best, point);
  });
  return best;
}
