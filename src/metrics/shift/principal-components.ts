/**
 * @file The directions along which features vary most, and where cases lie along them: fewer columns for a small model, chosen without labels.
 * Reference: Jolliffe 2002, Principal Component Analysis, §1.1 (covariance) and §3.5 (the n × n form, where there are fewer cases than features).
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { Rows } from "../embedding/unit-rows.ts";

/** Directions with less than this share of the greatest variance are rounding. */
const LEAST_SHARE = 1e-10;

/**
 * @param rows features, [cases][d]
 * @param most components
 * @returns scores along the components, the greatest variance first, each column with mean 0, [components][cases]; fewer where features vary in fewer
 */
export function principalComponents(rows: Rows, most: number): Float64Array[] {
  const n = rows.length;
  if (n < 2) throw new RangeError(`principalComponents: there must be two cases, got ${n}`);
  const centred = new Matrix(rows.map((row) => Array.from(row))).center("column");
  const narrow = centred.columns <= n;
  const products = narrow ? centred.transpose().mmul(centred) : centred.mmul(centred.transpose());
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(products, { assumeSymmetric: true });
  const falling = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  const kept = falling.slice(0, most).filter((k) => values[k] > LEAST_SHARE * values[falling[0]] && values[k] > 0);
  return kept.map((k) => {
    const vector = vectors.getColumnVector(k);
    // X v of the covariance's vectors; of the n × n form √λ u, which is the same
    return Float64Array.from((narrow ? centred.mmul(vector) : vector.mul(Math.sqrt(values[k]))).to1DArray());
  });
}
