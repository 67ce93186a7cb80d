/** @file What a fixed threshold does: the confusion of two classes and its rates. Reference for MCC: Matthews 1975, doi:10.1016/0005-2795(75)90109-9. */
import { countPositives } from "./binary.ts";

/** Rates are NaN where they divide by nothing (scikit-learn makes 0 of some). */
export interface ThresholdMetrics {
  truePositives: number;
  falsePositives: number;
  trueNegatives: number;
  falseNegatives: number;
  sensitivity: number;
  specificity: number;
  /** positive predictive value, at the share of positives in these cases */
  ppv: number;
  /** negative predictive value, at the share of positives in these cases */
  npv: number;
  accuracy: number;
  /** mean of sensitivity and specificity */
  balancedAccuracy: number;
  f1: number;
  /** Matthews correlation, -1 to 1 */
  mcc: number;
}

/**
 * @param labels [cases], 1 = positive
 * @param scores [cases]; a case is called positive when its score ≥ threshold
 */
export function atThreshold(labels: ArrayLike<number>, scores: ArrayLike<number>, threshold: number): ThresholdMetrics {
  const m = countPositives("atThreshold", labels, scores);
  if (Number.isNaN(threshold)) throw new RangeError("atThreshold: threshold must be a number, got NaN");
  let [tp, fp] = [0, 0];
  for (let i = 0; i < labels.length; i++)
    if (scores[i] >= threshold) {
      if (labels[i] === 1) tp++;
      else fp++;
    }
  const [fn, tn] = [m - tp, labels.length - m - fp];
  const [sensitivity, specificity] = [tp / m, tn / (tn + fp)];
  return {
    truePositives: tp,
    falsePositives: fp,
    trueNegatives: tn,
    falseNegatives: fn,
    sensitivity,
    specificity,
    ppv: tp / (tp + fp),
    npv: tn / (tn + fn),
    accuracy: (tp + tn) / labels.length,
    balancedAccuracy: (sensitivity + specificity) / 2,
    f1: (2 * tp) / (2 * tp + fp + fn),
    // a root each: the product of four counts leaves the exact integers at 10,000 cases
    mcc: (tp * tn - fp * fn) / (Math.sqrt((tp + fp) * (tp + fn)) * Math.sqrt((tn + fp) * (tn + fn))),
  };
}
