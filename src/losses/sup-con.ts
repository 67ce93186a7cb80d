/**
 * @file Supervised contrastive loss: all views of a label are each other's partners.
 * Reference: Khosla et al. 2020, Supervised contrastive learning, arXiv 2004.11362, eq. 2 (L_out), without the factor t/t_base of the
 * authors' code.
 */
import { matMul } from "../engine/mat-mul.ts";
import { tf } from "../engine/tf.ts";
import { l2Normalise } from "./l2-normalise.ts";
import { checkTemperature, MASKED } from "./views.ts";

/**
 * Mean, over anchors with a partner, of the mean over partners p of `log Σ_{k ≠ i} exp(s_ik/t) - s_ip/t`. An anchor without a partner has no
 * term of its own, and stays a negative of the others. 0 where nobody has a partner.
 * @param z all views [n, d], not normalised
 * @param labels int32 [n]
 * @param temperature t > 0
 * @returns scalar; belongs to the caller's tidy
 */
export function supCon(z: tf.Tensor2D, labels: tf.Tensor1D, temperature: number): tf.Scalar {
  const n = z.shape[0];
  if (labels.shape[0] !== n) throw new RangeError(`supCon: labels must be [${n}], got [${labels.shape}]`);
  checkTemperature("supCon", temperature);
  return tf.tidy(() => {
    const unit = l2Normalise(z);
    const similarity: tf.Tensor2D = tf.div(matMul(unit, unit, { b: true }), temperature); // [n, n]
    const self = tf.eye(n);
    const same = tf.cast(tf.equal(labels.reshape([n, 1]), labels.reshape([1, n])), "float32");
    const partners = tf.sub(same, self); // [n, n]
    const counts = tf.sum(partners, 1); // [n]
    const sums = tf.logSumExp(tf.add(similarity, tf.mul(self, MASKED)), 1); // [n]
    const attraction = tf.div(tf.sum(tf.mul(similarity, partners), 1), tf.maximum(counts, 1));
    const anchors = tf.sign(counts);
    return tf.div(tf.sum(tf.mul(anchors, tf.sub(sums, attraction))), tf.maximum(tf.sum(anchors), 1));
  });
}
