/**
 * @file A linear system with a positive definite matrix that is known by its products alone.
 * Reference: Nocedal & Wright 2006, Numerical Optimization, algorithm 5.3 (preconditioned conjugate gradients).
 */
import { innerProduct } from "./inner-product.ts";

/** Beyond it an answer is good enough to go on with. */
const MOST_PRODUCTS = 500;

/**
 * Solves `A·s = b`.
 * @param times `A·v`
 * @param b [p]
 * @param nearInverse about `A⁻¹·v`, itself symmetric and positive definite: the nearer, the fewer products
 * @param tolerance share of the residual, measured by `nearInverse`, that may be left
 * @returns [p]
 */
export function conjugateGradients(
  times: (v: Float64Array) => Float64Array,
  b: Float64Array,
  nearInverse: (v: Float64Array) => Float64Array,
  tolerance: number,
): Float64Array {
  const s = new Float64Array(b.length);
  const residual = Float64Array.from(b);
  let near = nearInverse(residual);
  let direction = near;
  let size = product(residual, near);
  const enough = tolerance ** 2 * size;
  for (let left = MOST_PRODUCTS; left > 0 && size > enough; left--) {
    const moved = times(direction);
    const length = size / product(direction, moved);
    for (let j = 0; j < s.length; j++) {
      s[j] += length * direction[j];
      residual[j] -= length * moved[j];
    }
    near = nearInverse(residual);
    const next = product(residual, near);
    const share = next / size;
    direction = near.map((value, j) => value + share * direction[j]);
    size = next;
  }
  return s;
}

const product = (a: Float64Array, b: Float64Array): number => innerProduct(a, 0, b, 0, a.length);
