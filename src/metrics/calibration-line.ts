/**
 * @file Calibration intercept and slope: does the model say too much, or too extreme things? Perfect are 0 and 1.
 * Reference: Cox 1958, doi:10.1093/biomet/45.3-4.562; Van Calster et al. 2019, doi:10.1186/s12916-019-1466-7 (names and meaning).
 */
import { countPositives } from "./binary.ts";
import { logistic } from "./log-odds.ts";
import { newton } from "./logistic.ts";
import { normalQuantile } from "./normal.ts";
import { risingRoot } from "./rising-root.ts";

/** A weight with its Wald interval, which takes cases as independent: with groups, bootstrap the estimate. */
export interface Estimate {
  estimate: number;
  se: number;
  low: number;
  high: number;
}

/** What can be said; no number is NaN, and what has none is null. */
export interface CalibrationLine {
  /**
   * fitted: all is there.
   * separated: a threshold tells the classes apart without error (cases at the threshold aside), so the likelihood rises for ever: the slope is Infinity
   * (-Infinity where the wrong way round).
   * constant: all log-odds are the same, so there is no slope.
   * one class: positives only, negatives only, or no case; nothing can be said.
   */
  state: "fitted" | "separated" | "constant" | "one class";
  /** calibration in the large: a of `logit P(y = 1) = a + logit`, above 0 where the model says too little. Null for one class */
  intercept: Estimate | null;
  /** b of `logit P(y = 1) = a + b · logit`, below 1 where the model is too sure. Null unless fitted */
  slope: Estimate | null;
  /** a of the same fit. Null unless fitted */
  interceptOfSlope: Estimate | null;
  /** what the slope's estimate grows to: ±Infinity if separated, the estimate if fitted, null otherwise */
  slopeLimit: number | null;
}

/**
 * @param labels [cases], 1 = positive
 * @param logits [cases], finite log-odds of the positive class (of probabilities: `logOdds`, log-odds.ts)
 * @param level of the Wald intervals
 */
export function calibrationLine(labels: ArrayLike<number>, logits: ArrayLike<number>, level = 0.95): CalibrationLine {
  const m = countPositives("calibrationLine", labels, logits);
  const [low, high] = [new Float64Array(2).fill(Infinity), new Float64Array(2).fill(-Infinity)]; // ends of each class
  for (let i = 0; i < labels.length; i++) {
    const [label, logit] = [labels[i], logits[i]];
    if (!Number.isFinite(logit)) throw new RangeError(`calibrationLine: logits must be finite, got ${logit} at ${i}`);
    if (logit < low[label]) low[label] = logit;
    if (logit > high[label]) high[label] = logit;
  }
  const nothing = { intercept: null, slope: null, interceptOfSlope: null, slopeLimit: null };
  if (m === 0 || m === labels.length) return { ...nothing, state: "one class" };
  const [least, most] = [Math.min(...low), Math.max(...high)];
  const intercept = withInterval(...inTheLarge(labels, logits, m, least, most), level);
  if (least === most) return { ...nothing, state: "constant", intercept };
  // one column: the likelihood has its top unless all positives lie on one side of all negatives (Albert & Anderson 1984, doi:10.1093/biomet/71.1.1)
  if (low[1] >= high[0]) return { ...nothing, state: "separated", intercept, slopeLimit: Infinity };
  if (high[1] <= low[0]) return { ...nothing, state: "separated", intercept, slopeLimit: -Infinity };
  const { weights, curvature } = newton([new Float64Array(labels.length).fill(1), new Float64Array(logits)], labels, 0);
  const [[a, b], [, d]] = curvature() as unknown as [[number, number], [number, number]];
  const determinant = a * d - b * b;
  return {
    state: "fitted",
    intercept,
    slope: withInterval(weights[1], a / determinant, level),
    interceptOfSlope: withInterval(weights[0], d / determinant, level),
    slopeLimit: weights[1],
  };
}

/** The a at which `Σ σ(a + logit) - y` is 0; it lies where the mean log-odds of the labels less the least and the greatest logit are. */
function inTheLarge(
  labels: ArrayLike<number>,
  logits: ArrayLike<number>,
  positives: number,
  least: number,
  most: number,
): [number, number] {
  const share = Math.log(positives / (labels.length - positives));
  const at = (a: number): [number, number] => {
    let [sum, curvature] = [-positives, 0];
    for (let i = 0; i < labels.length; i++) {
      const p = logistic(a + logits[i]);
      sum += p;
      curvature += p * (1 - p);
    }
    return [sum, curvature];
  };
  const a = risingRoot(at, { low: share - most, high: share - least, start: share - (least + most) / 2 });
  return [a, 1 / at(a)[1]];
}

function withInterval(estimate: number, variance: number, level: number): Estimate {
  const se = Math.sqrt(variance);
  const reach = normalQuantile((1 + level) / 2) * se;
  return { estimate, se, low: estimate - reach, high: estimate + reach };
}
