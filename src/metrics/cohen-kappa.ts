/**
 * @file Cohen's kappa: agreement beyond what the two sides' habits give by chance.
 * Reference: Cohen 1960, doi:10.1177/001316446002000104; weights: Cohen 1968, doi:10.1037/h0026256;
 * variance: Fleiss, Cohen & Everitt 1969, doi:10.1037/h0028106, eq. 12 (not the variance under the null).
 */
import { normalQuantile } from "./normal.ts";

/** How much a disagreement of classes i and j counts: 1, |i - j|, or (i - j)²; the last two need ordered classes (BI-RADS). */
export type KappaWeights = "equal" | "linear" | "quadratic";

/**
 * @param counts [classes][classes], one side in rows, the other in columns
 * @returns kappa -1 to 1, asymptotic variance for independent cases, Wald interval; all NaN where chance alone would agree always (one class only)
 */
export function cohenKappa(
  counts: readonly ArrayLike<number>[],
  weights: KappaWeights = "equal",
  level = 0.95,
): { kappa: number; variance: number; low: number; high: number } {
  const classes = counts.length;
  const total = counts.reduce((sum, row) => sum + Array.from(row).reduce((a, b) => a + b, 0), 0);
  if (!counts.every((row) => row.length === classes)) throw new RangeError(`cohenKappa: counts must be square, got ${classes} rows`);
  const share = counts.map((row) => Array.from(row, (count) => count / total));
  const rows = share.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = share.map((_, j) => share.reduce((sum, row) => sum + row[j], 0));
  const farthest = Math.max(1, classes - 1);
  const agreement = (i: number, j: number): number => {
    if (weights === "equal") return i === j ? 1 : 0;
    return weights === "linear" ? 1 - Math.abs(i - j) / farthest : 1 - ((i - j) / farthest) ** 2;
  };
  const sumOver = (term: (i: number, j: number) => number): number =>
    share.reduce((sum, row, i) => sum + row.reduce((inner, _, j) => inner + term(i, j), 0), 0);
  const observed = sumOver((i, j) => share[i][j] * agreement(i, j));
  const chance = sumOver((i, j) => rows[i] * columns[j] * agreement(i, j));
  const ofRow = rows.map((_, i) => columns.reduce((sum, column, j) => sum + column * agreement(i, j), 0));
  const ofColumn = columns.map((_, j) => rows.reduce((sum, row, i) => sum + row * agreement(i, j), 0));
  const kappa = (observed - chance) / (1 - chance);
  const spread = sumOver((i, j) => share[i][j] * (agreement(i, j) * (1 - chance) - (ofRow[i] + ofColumn[j]) * (1 - observed)) ** 2);
  const variance = (spread - (observed * chance - 2 * chance + observed) ** 2) / (total * (1 - chance) ** 4);
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt(Math.max(0, variance));
  return { kappa, variance, low: kappa - reach, high: kappa + reach };
}
