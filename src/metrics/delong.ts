/**
 * @file DeLong's variance of the AUROC, its interval, and the comparison of two correlated AUROCs. For independent cases:
 * with several images a patient use groupBootstrap and compareAurocs.
 * Reference: DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595, eq. 6–8.
 */
import { variance as varianceOf } from "./moments.ts";
import { normalQuantile, twoSidedP } from "./normal.ts";
import { placements } from "./placements.ts";

/** Variance of a mean placement: `var(positives)/m + var(negatives)/n`, sample variances. @param values [cases] placements, or differences of them */
function varianceByClass(labels: ArrayLike<number>, values: Float64Array): number {
  const [negatives, positives] = [values.filter((_, i) => labels[i] === 0), values.filter((_, i) => labels[i] === 1)];
  return varianceOf(positives) / positives.length + varianceOf(negatives) / negatives.length;
}

export interface DelongInterval {
  auroc: number;
  variance: number;
  low: number;
  high: number;
}

/**
 * AUROC with DeLong's variance and a logit interval, which stays inside 0–1:
 * `logit(A) ± z·se / (A(1 - A))`.
 * @param level of the interval
 * @returns `low` and `high` are NaN where the classes are perfectly separated: the variance is then 0 and tells nothing
 */
export function delong(labels: ArrayLike<number>, scores: ArrayLike<number>, level = 0.95): DelongInterval {
  const { auroc: area, values } = placements("delong", labels, scores);
  const variance = varianceByClass(labels, values);
  const reach = (normalQuantile((1 + level) / 2) * Math.sqrt(variance)) / (area * (1 - area));
  const logit = Math.log(area / (1 - area));
  const bound = (x: number) => 1 / (1 + Math.exp(-x));
  return { auroc: area, variance, low: bound(logit - reach), high: bound(logit + reach) };
}

export interface DelongTest {
  /** AUROC of a minus AUROC of b */
  difference: number;
  /** of the difference */
  variance: number;
  z: number;
  /** two-sided, normal */
  p: number;
}

/**
 * Do two scores of the same independent cases differ in AUROC? `z = (A - B) / √(var A + var B - 2 cov)`.
 * @param a @param b [cases], scores of two models
 * @returns p = 1 for equal rankings; NaN where the variance is 0 and the areas differ (both separate perfectly, in opposite directions)
 */
export function delongTest(labels: ArrayLike<number>, a: ArrayLike<number>, b: ArrayLike<number>): DelongTest {
  const [first, second] = [placements("delongTest", labels, a), placements("delongTest", labels, b)];
  const difference = first.auroc - second.auroc;
  const variance = varianceByClass(
    labels,
    first.values.map((value, i) => value - second.values[i]),
  );
  if (variance > 0) {
    const z = difference / Math.sqrt(variance);
    return { difference, variance, z, p: twoSidedP(z) };
  }
  return Math.abs(difference) < 1e-12 ? { difference, variance, z: 0, p: 1 } : { difference, variance, z: NaN, p: NaN };
}
