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
  /** divide logits by it; above 1 where the model was too sure */
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
  return minimise("fitTemperatureMulticlass", labels.length, (beta) => {
    let [loss, slope, curvature] = [0, 0, 0];
    for (let i = 0; i < labels.length; i++) {
      const z = logits[i];
      let top = -Infinity;
      for (let k = 0; k < classes; k++) top = Math.max(top, z[k]);
      // moments of z - top under softmax(beta z): the slope is mean - own, the curvature the variance
      let [sum, first, second] = [0, 0, 0];
      for (let k = 0; k < classes; k++) {
        const weight = Math.exp(beta * (z[k] - top));
        sum += weight;
        first += weight * (z[k] - top);
        second += weight * (z[k] - top) ** 2;
      }
      const own = z[labels[i]] - top;
      loss += Math.log(sum) - beta * own;
      slope += first / sum - own;
      curvature += second / sum - (first / sum) ** 2;
    }
    return { loss: loss / labels.length, slope: slope / labels.length, curvature: curvature / labels.length };
  });
}

function minimise(name: string, cases: number, at: Derivatives): Temperature {
  if (cases === 0) throw new RangeError(`${name}: there must be at least one case, got 0`);
  const [low, high] = [1 / limits.most, 1 / limits.least];
  const ended = (beta: number, limit: Temperature["limit"]): Temperature => ({
    temperature: 1 / beta,
    lossBefore: at(1).loss,
    lossAfter: at(beta).loss,
    limit,
  });
  if (at(low).slope >= 0) return ended(low, "high");
  if (at(high).slope <= 0) return ended(high, "low");
  return ended(
    risingRoot(
      (beta) => {
        const { slope, curvature } = at(beta);
        return [slope, curvature];
      },
      { low, high, start: 1 },
    ),
    null,
  );
}
