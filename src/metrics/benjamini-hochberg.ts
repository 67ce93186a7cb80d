/**
 * @file Benjamini-Hochberg p-values: false discovery rate under independence or positive regression dependence.
 * Reference: Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x; dependence: Benjamini & Yekutieli 2001, doi:10.1214/aos/1013699998.
 */
import { checkPValues } from "./p-values.ts";
import { order } from "./ranks.ts";

/**
 * Adjusted p-values in the input's order; reject those ≤ alpha. `p̃_(i) = min_{j ≥ i} min(1, n p_(j) / j)`.
 * @param p [n], each 0–1
 */
export function benjaminiHochberg(p: ArrayLike<number>): Float64Array {
  checkPValues("benjaminiHochberg", p);
  const adjusted = new Float64Array(p.length);
  const sorted = order(p);
  let smallest = 1;
  for (let i = sorted.length - 1; i >= 0; i--) {
    smallest = Math.min(smallest, (p.length * p[sorted[i]]) / (i + 1));
    adjusted[sorted[i]] = smallest;
  }
  return adjusted;
}
