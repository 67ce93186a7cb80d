/** @file Between probabilities and log-odds, with the clipping that all metrics here share. */

/** Probabilities nearer than this to 0 or 1 are moved to it: 2^-52, as scikit-learn's `log_loss` does for doubles. */
export const leastProbability = 2 ** -52;

/** A probability within [2^-52, 1 - 2^-52]. @param name of the function that errors are told of */
export function clipped(name: string, p: number, at: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`${name}: probabilities must be within 0 and 1, got ${p} at ${at}`);
  return Math.min(1 - leastProbability, Math.max(leastProbability, p));
}

/** Log-odds of probabilities, clipped as above, so finite: ±36.04 at most. @param probabilities [cases] */
export const logOdds = (probabilities: ArrayLike<number>): Float64Array =>
  Float64Array.from(probabilities, (value, i) => {
    const p = clipped("logOdds", value, i);
    return Math.log(p) - Math.log1p(-p);
  });

/** 1 / (1 + exp(-x)). */
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** log(1 + exp(x)), written so that it cannot overflow. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
