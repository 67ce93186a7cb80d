/**
 * @file Log loss: mean negative log-likelihood, in nats. Probabilities are clipped to [2^-52, 1 - 2^-52] before, as scikit-learn does, so one
 * certain error costs 36.04 and not everything.
 * Reference: Good 1952, doi:10.1111/j.2517-6161.1952.tb00104.x; scikit-learn `log_loss`.
 */
import { countPositives } from "./binary.ts";
import { countClasses } from "./class-labels.ts";
import { clipped } from "./log-odds.ts";

/**
 * `-mean(y log p + (1 - y) log(1 - p))`.
 * @param labels [cases], 1 = positive
 * @param probabilities [cases], 0–1, of the positive class
 * @returns 0 (perfect) up; log 2 for always one half; NaN for no cases
 */
export function logLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  countPositives("logLoss", labels, probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = clipped("logLoss", probabilities[i], i);
    sum -= labels[i] === 1 ? Math.log(p) : Math.log1p(-p);
  }
  return sum / labels.length;
}

/**
 * `-mean(log p of the true class)`.
 * @param labels [cases], class 0 … classes-1
 * @param probabilities [cases][classes], each row with sum 1 within 1e-6 (rows are not scaled)
 */
export function multiclassLogLoss(labels: ArrayLike<number>, probabilities: readonly ArrayLike<number>[]): number {
  countClasses("multiclassLogLoss", labels, probabilities);
  let sum = 0;
  probabilities.forEach((row, i) => {
    let total = 0;
    for (let k = 0; k < row.length; k++) total += row[k];
    if (!(Math.abs(total - 1) <= 1e-6)) throw new RangeError(`multiclassLogLoss: a row must have sum 1, got ${total} at ${i}`);
    sum -= Math.log(clipped("multiclassLogLoss", row[labels[i]], i));
  });
  return sum / labels.length;
}
