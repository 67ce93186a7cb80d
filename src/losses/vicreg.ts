/**
 * @file VICReg: views agree, every feature varies, no two features say the same.
 * Reference: Bardes et al. 2022, arXiv 2105.04906, eq. 1–6; as in the authors' code the variance term is the mean of both views
 * (the paper's eq. 6 has their sum), the covariance term their sum.
 */
import { matMul } from "../engine/mat-mul.ts";
import { tf } from "../engine/tf.ts";
import { checkViews } from "./views.ts";

/** Added to variances before the root, whose slope is infinite at 0 (eq. 2). */
const VARIANCE_FLOOR = 1e-4;

export interface VicregWeights {
  invariance: number;
  variance: number;
  covariance: number;
}

/** The terms before weighting; scalars. (A type, not an interface: `tf.tidy` returns only those.) */
export type VicregTerms = { invariance: tf.Scalar; variance: tf.Scalar; covariance: tf.Scalar };

/**
 * `λ·invariance + μ·variance + ν·covariance`; the paper's weights are 25, 25, 1.
 * @param a first views [n, d], n ≥ 2, not normalised
 * @param b second views [n, d]
 * @returns scalar; belongs to the caller's tidy
 */
export function vicreg(a: tf.Tensor2D, b: tf.Tensor2D, weights: VicregWeights): tf.Scalar {
  return tf.tidy(() => {
    const terms = vicregTerms(a, b);
    const weighted = (["invariance", "variance", "covariance"] as const).map((name) => tf.mul<tf.Scalar>(terms[name], weights[name]));
    return tf.addN(weighted);
  });
}

/**
 * Invariance: mean squared difference over n·d entries. Variance: mean over features of `max(0, 1 - √(var + 1e-4))`, mean of both views.
 * Covariance: sum over pairs of features of cov², over d, sum of both views. Variances have the divisor n - 1.
 */
export function vicregTerms(a: tf.Tensor2D, b: tf.Tensor2D): VicregTerms {
  checkViews("vicreg", a, b);
  if (a.shape[0] < 2) throw new RangeError(`vicreg: a batch must hold 2 images or more, got ${a.shape[0]}`);
  return tf.tidy(() => {
    const [first, second] = [spread(a), spread(b)];
    return {
      invariance: tf.mean<tf.Scalar>(tf.squaredDifference(a, b)),
      variance: tf.div<tf.Scalar>(tf.add(first.variance, second.variance), 2),
      covariance: tf.add<tf.Scalar>(first.covariance, second.covariance),
    };
  });
}

/** Variance and covariance terms of one view [n, d]. */
function spread(x: tf.Tensor2D): { variance: tf.Scalar; covariance: tf.Scalar } {
  const [n, d] = x.shape;
  const centred: tf.Tensor2D = tf.sub(x, tf.mean(x, 0));
  const deviations = tf.sqrt(tf.add(tf.div(tf.sum(tf.square(centred), 0), n - 1), VARIANCE_FLOOR)); // [d]
  const covariance: tf.Tensor2D = tf.div(matMul(centred, centred, { a: true }), n - 1); // [d, d]
  return {
    variance: tf.mean(tf.relu(tf.sub(1, deviations))),
    covariance: tf.div(tf.sum(tf.square(tf.mul(covariance, tf.sub(1, tf.eye(d))))), d),
  };
}
