/**
 * @file Negative cosine similarity and the two losses made of it, BYOL's and SimSiam's.
 * Reference: Grill et al. 2020, Bootstrap your own latent, arXiv 2006.07733, eq. 2 (and its symmetric sum); Chen & He 2021, Exploring simple
 * Siamese representation learning, arXiv 2011.10566, eq. 1 and 2.
 */
import { tf } from "../engine/tf.ts";
import { l2Normalise } from "./l2-normalise.ts";
import { checkViews } from "./views.ts";
import { withoutGradient } from "./without-gradient.ts";

/** What both losses compare: each view's prediction and the target made of the other. All [n, d], not normalised. */
export interface Siamese {
  predictions: readonly [tf.Tensor2D, tf.Tensor2D];
  /** The encoder's own projections (SimSiam) or those of its moving average (BYOL); they get no gradient. */
  targets: readonly [tf.Tensor2D, tf.Tensor2D];
}

/**
 * `-mean over i of cos(x_i, y_i)`, -1 where all pairs agree; 0 for a row of zeros. Gradient to both.
 * @param x [n, d]
 * @param y [n, d]
 * @returns scalar; belongs to the caller's tidy
 */
export function negativeCosine(x: tf.Tensor2D, y: tf.Tensor2D): tf.Scalar {
  checkViews("negativeCosine", x, y);
  return tf.tidy(() => tf.neg(tf.mean(tf.sum(tf.mul(l2Normalise(x), l2Normalise(y)), 1))));
}

/** SimSiam: mean of both directions, -1 … 1 (eq. 2). @returns scalar; belongs to the caller's tidy */
export const simsiamLoss = (pairs: Siamese): tf.Scalar => tf.tidy(() => tf.div(bothDirections(pairs), 2));

/** BYOL: `2 - 2cos` each way, summed, 0 … 8. @returns scalar; belongs to the caller's tidy */
export const byolLoss = (pairs: Siamese): tf.Scalar => tf.tidy(() => tf.add(4, tf.mul(bothDirections(pairs), 2)));

/** `-cos(p₀, z₁) - cos(p₁, z₀)`, means over the batch. */
function bothDirections({ predictions: [p0, p1], targets }: Siamese): tf.Scalar {
  const [z0, z1] = targets.map((z) => withoutGradient(() => tf.clone(z)));
  return tf.add(negativeCosine(p0, z1), negativeCosine(p1, z0));
}
