/**
 * @file DeLong's variance of the AUROC, its interval, and the comparison of two correlated AUROCs. For independent cases:
 * with several images a patient use groupBootstrap and compareAurocs.
 * Reference: DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595, eq. 4–8; by midranks: Sun & Xu 2014, doi:10.1109/LSP.2014.2337313.
 */
import { countPositives } from "./binary.ts";
import { mean } from "./moments.ts";
import { normalQuantile, twoSidedP } from "./normal.ts";
import { midranks } from "./ranks.ts";

/** V10 [m] of the positives and V01 [n] of the negatives: how often each case is ranked rightly against the other class. */
function components(
  name: string,
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): { positives: Float64Array; negatives: Float64Array } {
  const m = countPositives(name, labels, scores);
  const n = labels.length - m;
  const all = midranks(scores);
  const ofClass = (label: 0 | 1) => Array.from(all.keys()).filter((i) => labels[i] === label);
  const [negative, positive] = [ofClass(0), ofClass(1)];
  const within = (rows: number[]) => midranks(rows.map((i) => scores[i]!));
  const [among0, among1] = [within(negative), within(positive)];
  return {
    positives: Float64Array.from(positive, (row, i) => (all[row]! - among1[i]!) / n),
    negatives: Float64Array.from(negative, (row, i) => 1 - (all[row]! - among0[i]!) / m),
  };
}

/** Sample covariance, divisor length - 1. */
function covariance(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, value, i) => sum + (value - meanA) * (b[i]! - meanB), 0) / (a.length - 1);
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
  const { positives, negatives } = components("delong", labels, scores);
  const area = mean(positives);
  const variance = covariance(positives, positives) / positives.length + covariance(negatives, negatives) / negatives.length;
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
  const [first, second] = [components("delongTest", labels, a), components("delongTest", labels, b)];
  const difference = mean(first.positives) - mean(second.positives);
  const positives = first.positives.map((value, i) => value - second.positives[i]!);
  const negatives = first.negatives.map((value, i) => value - second.negatives[i]!);
  const variance = covariance(positives, positives) / positives.length + covariance(negatives, negatives) / negatives.length;
  if (variance > 0) {
    const z = difference / Math.sqrt(variance);
    return { difference, variance, z, p: twoSidedP(z) };
  }
  return Math.abs(difference) < 1e-12 ? { difference, variance, z: 0, p: 1 } : { difference, variance, z: NaN, p: NaN };
}
