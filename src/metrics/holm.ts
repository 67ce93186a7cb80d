/** @file Holm's step-down p-values: family-wise error under any dependence. Reference: Holm 1979, Scand. J. Statist. 6:65–70. */
import { checkPValues } from "./p-values.ts";
import { order } from "./ranks.ts";

/**
 * Adjusted p-values in the input's order; reject those ≤ alpha. `p̃_(i) = max_{j ≤ i} min(1, (n - j + 1) p_(j))`.
 * @param p [n], each 0–1
 */
export function holm(p: ArrayLike<number>): Float64Array {
  checkPValues("holm", p);
  const adjusted = new Float64Array(p.length);
  let largest = 0;
  order(p).forEach((position, i) => {
    largest = Math.max(largest, Math.min(1, (p.length - i) * p[position]));
    adjusted[position] = largest;
  });
  return adjusted;
}
