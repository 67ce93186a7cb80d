/** @file The normal distribution's two functions, from @stdlib (relative error near 1e-15; quantile 2e-9 at 1e-10). */
import cdf from "@stdlib/stats-base-dists-normal-cdf";
import quantile from "@stdlib/stats-base-dists-normal-quantile";

/** P(Z ≤ z). */
export const normalCdf = (z: number): number => cdf(z, 0, 1);

/** The z with P(Z ≤ z) = p. */
export const normalQuantile = (p: number): number => quantile(p, 0, 1);

/** P(|Z| ≥ |z|): the two-sided p of a z score; keeps its digits far out, where 1 - cdf has none left. */
export const twoSidedP = (z: number): number => 2 * cdf(-Math.abs(z), 0, 1);
