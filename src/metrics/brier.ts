/** @file Brier score. Reference: Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2, in its one-class form. */
import { countPositives } from "./binary.ts";

/**
 * Mean squared difference of probability and outcome.
 * @param labels [cases], 1 = positive
 * @param probabilities [cases], 0–1, of the positive class
 * @returns 0 (perfect) to 1; 0.25 for always 0.5; NaN for no cases
 */
export function brier(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  countPositives("brier", labels, probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i];
    if (!(p >= 0 && p <= 1)) throw new RangeError(`brier: probabilities must be within 0 and 1, got ${p} at ${i}`);
    sum += (p - labels[i]) ** 2;
  }
  return sum / labels.length;
}
