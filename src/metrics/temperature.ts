/**
 * @file Temperature scaling: one number that all logits are divided by, so that probabilities are as sure as the labels allow. Ranks stay.
 * Fit it on an inner split, never on the cases that are judged.
 * Reference: Guo, Pleiss, Sun & Weinberger 2017, arXiv:1706.04599, §4.2. The loss is convex in 1/T, so Newton's method inside a bracket finds its least.
 */
import { countPositives } from "./binary.ts";
import { countClasses } from "./class-labels.ts";
import { logistic, softplus } from "./log-odds.ts";
import { risingRoot } from "./rising-root.ts";

/** Temperatures that come out: 1/100 to 100. */
const limits = { least: 0.01, most: 100 };

export interface Temperature {
  /** divide logits by it; above 1 where the model was too sure, 1 where all logits are 0 */
  temperature: number;
  /** mean negative log-likelihood, nats, at temperature 1 and at this one */
  lossBefore: number;
  lossAfter: number;
  /**
   * null: the optimum lies between the limits. "low": the loss still falls at 1/100, as it does where every case is ranked right (the optimum is T → 0).
   * "high": it still falls at 100, as it does for logits that are no better than chance (T → ∞). The limit is then the temperature.
   */
  limit: "low" | "high" | null;
}

/** Loss and its first two derivatives by beta = 1/T, means over cases. */
type Derivatives = (beta: number) => { loss: number; slope: number; curvature: number };

/**
 * @param labels [cases], 1 = positive
 * @param logits [cases], finite log-odds of the positive class
 * @throws RangeError without cases
 */
export function fitTemperature(labels: ArrayLike<number>, logits: ArrayLike<number>): Temperature {
  countPositives("fitTemperature", labels, logits);
  for (let i = 0; i < logits.length; i++)
    if (!Number.isFinite(logits[i])) throw new RangeError(`fitTemperature: logits must be finite, got ${logits[i]} at ${i}`);
  return minimise("fitTemperature", labels.length, (beta) => {
    let [loss, slope, curvature] = [0, 0, 0];
    for (let i = 0; i < labels.length; i++) {
      const z = logits[i];
      const p = logistic(beta * z);
      loss += softplus(labels[i] === 1 ? -beta * z : beta * z);
      slope += z * (p - labels[i]);
      curvature += z * z * p * (1 - p);
    }
    return { loss: loss / labels.length, slope: slope / labels.length, curvature: curvature / labels.length };
  });
}

/**
 * @param labels [cases], class 0 … classes-1
 * @param logits [cases][classes]
 * @throws RangeError without cases
 */
export function fitTemperatureMulticlass(labels: ArrayLike<number>, logits: readonly ArrayLike<number>[]): Temperature {
  const classes = countClasses("fitTemperatureMulticlass", labels, logits);
  /** [cases × classes] each logit less the greatest of its row: at most 0, so that exp cannot overflow */
  const below = new Float64Array(labels.length * classes);
  logits.forEach((row, i) => {
    let top = -Infinity;
    for (let k = 0; k < classes; k++) top = Math.max(top, row[k]);
    for (let k = 0; k < classes; k++) below[i * classes + k] = row[k] - top;
  });
  return minimise("fitTemperatureMulticlass", labels.length, (beta) => {
    let [loss, slope, curvature] = [0, 0, 0];
    for (let i = 0; i < labels.length; i++) {
      // moments of z under softmax(beta z): the slope is mean - own, the curvature the variance
      let [sum, first, second] = [0, 0, 0];
      for (let at = i * classes; at < (i + 1) * classes; at++) {
        const z = below[at];
        const weight = Math.exp(beta * z);
        sum += weight;
        first += weight * z;
        second += weight * z * z;
      }
      const own = below[i * classes + labels[i]];
      loss += Math.log(sum) - beta * own;
      slope += first / sum - own;
      curvature += second / sum - (first / sum) ** 2;
    }
    return { loss: loss / labels.length, slope: slope / labels.length, curvature: curvature / labels.length };
  });
}

/** The beta between the limits at which the slope, which rises with it, is 0. */
function minimise(name: string, cases: number, at: Derivatives): Temperature {
  if (cases === 0) throw new RangeError(`${name}: there must be at least one case, got 0`);
  const [low, high] = [1 / limits.most, 1 / limits.least];
  let lossBefore = NaN;
  const beta = risingRoot(
    (x) => {
      const { loss, slope, curvature } = at(x);
      if (x === 1) lossBefore = loss;
      return [slope, curvature];
    },
    { low, high, start: 1 },
  );
  return { temperature: 1 / beta, lossBefore, lossAfter: at(beta).loss, limit: beta === low ? "high" : beta === high ? "low" : null };
}
