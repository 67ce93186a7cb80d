/** @file From the logits of one case to what is reported of them: log-odds of the positive class, and shares of all classes. */

/** Logarithm of `Σ exp(v)` that cannot overflow. */
function logSumExp(values: ArrayLike<number>, to = values.length): number {
  let most = -Infinity;
  for (let i = 0; i < to; i++) most = Math.max(most, values[i]);
  let sum = 0;
  for (let i = 0; i < to; i++) sum += Math.exp(values[i] - most);
  return most + Math.log(sum);
}

/** Log-odds of the last class against all others together: `z_K - log Σ_{k<K} exp(z_k)`. With two classes the difference of the logits. */
export const positiveLogOdds = (logits: ArrayLike<number>): number => logits[logits.length - 1] - logSumExp(logits, logits.length - 1);

/** Probabilities of the classes: softmax of logits over temperature (Guo et al. 2017, arXiv 1706.04599, eq. 9). [classes] */
export function calibratedShares(logits: ArrayLike<number>, temperature: number): number[] {
  const scaled = Array.from(logits, (logit) => logit / temperature);
  const total = logSumExp(scaled);
  return scaled.map((value) => Math.exp(value - total));
}
