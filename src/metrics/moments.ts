/** @file Mean, standard deviation and median of number arrays, in two passes (values near 1e6 keep their digits). */
import { quantile } from "./quantile.ts";

/** Arithmetic mean; NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Sum of squared deviations from the mean, divided by n - `lost`: `lost` 1 (sample, the default) or 0 (population). */
export function variance(values: ArrayLike<number>, lost: 0 | 1 = 1): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return sum / (values.length - lost);
}

/** Standard deviation, with divisor n - 1; NaN for fewer than two values. */
export const sd = (values: ArrayLike<number>): number => Math.sqrt(variance(values));

/** Median; NaN for no values. */
export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);
