/**
 * @file P-values by counting: the tails of a statistic among its permutations, and what every p-value must be.
 * Reference: Phipson & Smyth 2010, "Permutation p-values should never be zero", doi:10.2202/1544-6115.1585.
 */

/** The two tails of an observation. Either one is a valid p-value by itself if its side was chosen before the data were seen. */
export interface Tails {
  /** share of permutations with a statistic at least as large */
  greater: number;
  /** share with one at most as large */
  less: number;
}

/**
 * Counts ties as extreme on both sides; two statistics tie within `tolerance`, because the same sum in another order differs in its last bits.
 * NaN counts as extreme too, so an undefined statistic can never become significant (an observed NaN gives 1).
 * @param simulated statistics of the permutations
 * @param exact true: `simulated` is the whole space, identity included, and p = count / N;
 *   false: a random sample without the observation, and p = (count + 1) / (R + 1)
 */
export function permutationTails(observed: number, simulated: ArrayLike<number>, { exact = false, tolerance = 1e-9 } = {}): Tails {
  let [greater, less] = exact ? [0, 0] : [1, 1];
  for (let r = 0; r < simulated.length; r++) {
    if (!(simulated[r] < observed - tolerance)) greater++;
    if (!(simulated[r] > observed + tolerance)) less++;
  }
  const total = simulated.length + (exact ? 0 : 1);
  return { greater: greater / total, less: less / total };
}

/** Twice the smaller tail, at most 1: the two-sided p of a skewed statistic, valid because each tail is. */
export const doubledTail = ({ greater, less }: Tails): number => Math.min(1, 2 * Math.min(greater, less));

/** Throws unless every p lies within 0 and 1. */
export function checkPValues(name: string, p: ArrayLike<number>): void {
  for (let i = 0; i < p.length; i++)
    if (!(p[i] >= 0 && p[i] <= 1)) throw new RangeError(`${name}: p-values must be within 0 and 1, got ${p[i]} at ${i}`);
}

/** The positions whose adjusted p-value is at most `alpha`: the rejection set. */
export function rejected(adjusted: ArrayLike<number>, alpha: number): number[] {
  return Array.from(adjusted, (_, i) => i).filter((i) => adjusted[i] <= alpha);
}
