/**
 * @file Barlow Twins: the cross-correlation of two views' features is brought to the identity.
 * Reference: Zbontar et al. 2021, arXiv 2103.03230, eq. 1 and 2. Features are standardised as the authors' batch norm does it, with the
 * population variance plus 1e-5.
 */
import { matMul } from "../engine/mat-mul.ts";
import { tf } from "../engine/tf.ts";
import { checkViews } from "./views.ts";

/** Added to variances, as in the authors' batch norm. */
const VARIANCE_FLOOR = 1e-5;

/**
 * `Σ_i (1 - C_ii)² + λ·Σ_{i ≠ j} C_ij²` with C the [d, d] cross-correlation of both views over the batch.
 * @param a first views [n, d]
 * @param b second views [n, d]
 * @param lambda weight of the redundancy between features (the paper's is 0.005)
 * @returns scalar; belongs to the caller's tidy
 */
export function barlowTwins(a: tf.Tensor2D, b: tf.Tensor2D, lambda: number): tf.Scalar {
  checkViews("barlowTwins", a, b);
  return tf.tidy(() => {
    const correlation = crossCorrelation(a, b);
    const identity = tf.eye(a.shape[1]);
    const weights = tf.add(tf.mul(identity, 1 - lambda), lambda); // 1 on the diagonal, λ beside it
    return tf.sum(tf.mul(tf.squaredDifference(correlation, identity), weights));
  });
}

/** Correlation of feature i of `a` with feature j of `b` over the batch, [d, d]; 0 for a feature that does not vary. */
export function crossCorrelation(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.div<tf.Tensor2D>(matMul(standardised(a), standardised(b), { a: true }), a.shape[0]));
}

/** Columns with mean 0 and variance (nearly) 1, [n, d]. */
function standardised(x: tf.Tensor2D): tf.Tensor2D {
  const centred = tf.sub(x, tf.mean(x, 0));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), 0), VARIANCE_FLOOR)));
}
