/** @file Cholesky factor of a symmetric matrix, also of a singular one, and the solution with it, on flat arrays: ml-matrix refuses singular matrices. */
import { innerProduct } from "./inner-product.ts";

/** What is left of a diagonal element below this share of the largest one is rounding. */
const ROUNDING = 1e-13;

/**
 * Lower L with `L·Lᵀ = a`. Where nothing is left of a column (its row depends on the ones before) it is 0.
 * Reference: Golub & Van Loan 2013, Matrix Computations, §4.2.9 (outer loop over rows) and §4.2.8 (semidefinite).
 * @param a symmetric, positive semidefinite; only its lower triangle is read, [size, size] row-major
 * @returns [size, size] row-major, 0 above the diagonal
 */
export function choleskyFactor(a: Float64Array, size: number): Float64Array {
  if (a.length !== size * size) throw new RangeError(`choleskyFactor: a must be [${size}, ${size}], got ${a.length} values`);
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, a[i * size + i]);
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      const left = a[row + j] - innerProduct(factor, row, factor, other, j);
      if (i === j) factor[row + j] = left > ROUNDING * largest ? Math.sqrt(left) : 0;
      else factor[row + j] = factor[other + j] > 0 ? left / factor[other + j] : 0;
    }
  }
  return factor;
}

/**
 * Solves `L·Lᵀ·x = b` in place: forward, then backward.
 * @param factor of a positive definite matrix, [size, size] row-major
 * @param x `b` before and `x` after, [size]
 */
export function choleskySolve(factor: Float64Array, size: number, x: Float64Array): void {
  for (let i = 0; i < size; i++) x[i] = (x[i] - innerProduct(factor, i * size, x, 0, i)) / factor[i * size + i];
  for (let i = size - 1; i >= 0; i--) {
    const value = (x[i] /= factor[i * size + i]);
    for (let k = 0; k < i; k++) x[k] -= factor[i * size + k] * value; // row i of L is column i of Lᵀ
  }
}
