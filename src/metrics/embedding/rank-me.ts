/**
 * @file RankMe: how many dimensions embeddings really use; it follows the accuracy of a linear probe without any label.
 * Reference: Garrido et al. 2023, RankMe, arXiv 2210.02885, eq. 1 and 2.
 */
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { checkRows, type Rows } from "./unit-rows.ts";

/** The paper's ε, added to each share. */
const EPSILON = 1e-7;

/**
 * `exp(-Σ p ln p)` with `p = σ/Σσ + 1e-7` over the singular values of the embeddings, neither centred nor scaled.
 * Costs n·d² (n ≥ d): give it some hundred images.
 * @param rows [n][d], n ≥ 2
 * @returns 1 (one direction) … min(n, d); NaN where a value is not finite
 */
export function rankMe(rows: Rows): number {
  checkRows("rankMe", rows);
  if (!rows.every((row) => Array.from(row).every(Number.isFinite))) return NaN; // the decomposition would not end
  const matrix = new Matrix(rows.map((row) => Array.from(row)));
  const options = { computeLeftSingularVectors: false, computeRightSingularVectors: false, autoTranspose: true };
  const values = new SingularValueDecomposition(matrix, options).diagonal;
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 1; // all zero: one point, as collapsed as can be
  const entropy = values.map((value) => value / total + EPSILON).reduce((sum, p) => sum - p * Math.log(p), 0);
  return Math.exp(entropy);
}
