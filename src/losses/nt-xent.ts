/**
 * @file NT-Xent, the loss of SimCLR: each view must find its partner among the other views of the batch.
 * Reference: Chen et al. 2020, arXiv 2002.05709, eq. 1, mean over all 2n anchors; decoupled (without the partner in the denominator, and
 * with weights on the partner): Yeh et al. 2022, Decoupled contrastive learning, arXiv 2110.06848, eq. 6 and 7. Leaving out negatives of the
 * anchor's own group (patient) is ours: two frames of one lesion are no negatives of each other.
 */
import { matMul } from "../engine/mat-mul.ts";
import { tf } from "../engine/tf.ts";
import { l2Normalise } from "./l2-normalise.ts";
import { checkTemperature, checkViews, MASKED } from "./views.ts";
import { withoutGradient } from "./without-gradient.ts";

export interface NtXentOptions {
  /** Leave the partner out of the denominator (DCL): small batches then learn as fast as large ones. */
  decoupled?: boolean;
  /** Weigh partners by `2 - n·softmax(s_p/σ)`, so that pairs far apart count more (DCLW; the paper's σ is 0.5). */
  sigma?: number;
}

/**
 * `mean over anchors i of log Σ_{k ≠ i} exp(s_ik/t) - s_ip/t`, with cosine similarities s and i's partner p.
 * Decoupled, p is not in the sum, and an anchor without any negative has no sum.
 * Reads nothing back, so a step that contains it can be recorded as a graph.
 * @param a first views [n, d], not normalised
 * @param b second views [n, d], of the same images
 * @param temperature t > 0
 * @param groups int32 [n]: view k leaves anchor i's sum when it has i's group and is not i's partner
 * @returns scalar; belongs to the caller's tidy
 */
export function ntXent(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  temperature: number,
  groups?: tf.Tensor1D,
  { decoupled = false, sigma }: NtXentOptions = {},
): tf.Scalar {
  checkViews("ntXent", a, b);
  checkTemperature("ntXent", temperature);
  if (groups && groups.shape[0] !== a.shape[0]) throw new RangeError(`ntXent: groups must be [${a.shape[0]}], got [${groups.shape}]`);
  const n = a.shape[0];
  return tf.tidy(() => {
    const z = l2Normalise(tf.concat([a, b])); // [2n, d]
    const similarity: tf.Tensor2D = tf.div(matMul(z, z, { b: true }), temperature); // [2n, 2n]
    const out = excluded(n, groups, decoupled);
    const sums = tf.logSumExp(tf.add(similarity, tf.mul(out, MASKED)), 1); // [2n]
    const partners: tf.Tensor1D = tf.sum(tf.mul(similarity, partnerMatrix(n)), 1); // [2n]
    const weighted = sigma === undefined ? partners : tf.mul(partners, partnerWeights(partners, temperature / sigma));
    const repelled = decoupled ? tf.mul(sums, tf.sign(tf.sum(tf.sub(1, out), 1))) : sums; // 0 where no negative is left
    return tf.mean(tf.sub(repelled, weighted));
  });
}

/** 1 where column k is the other view of row i's image, [2n, 2n]. */
function partnerMatrix(n: number): tf.Tensor2D {
  const values = new Float32Array(4 * n * n);
  for (let i = 0; i < 2 * n; i++) values[i * 2 * n + ((i + n) % (2 * n))] = 1;
  return tf.tensor2d(values, [2 * n, 2 * n]);
}

/** 1 where column k is out of row i's sum: the anchor itself, its group, and decoupled its partner, [2n, 2n]. */
function excluded(n: number, groups: tf.Tensor1D | undefined, decoupled: boolean): tf.Tensor2D {
  if (!groups) return decoupled ? tf.add(tf.eye(2 * n), partnerMatrix(n)) : tf.eye(2 * n);
  const both = tf.concat([groups, groups]);
  const same: tf.Tensor2D = tf.cast(tf.equal(both.reshape([2 * n, 1]), both.reshape([1, 2 * n])), "float32");
  return decoupled ? same : tf.sub(same, partnerMatrix(n)); // a partner always has its anchor's group
}

/** `2 - n·softmax over the n pairs of s_p/σ`, constants for the gradient; partners are s_p/t [2n], each pair twice. */
function partnerWeights(partners: tf.Tensor1D, scale: number): tf.Tensor1D {
  return withoutGradient(() => tf.sub(2, tf.mul(tf.softmax(tf.mul(partners, scale)), partners.shape[0])));
}
