/**
 * @file NT-Xent, the loss of SimCLR: each view must find its partner among the other views of the batch.
 * Reference: Chen et al. 2020, arXiv 2002.05709, eq. 1, mean over all 2n anchors. Leaving out negatives of the anchor's own
 * group (patient) is ours: two frames of one lesion are no negatives of each other.
 */
import { matMul } from "../engine/mat-mul.ts";
import { tf } from "../engine/tf.ts";
import { l2Normalise } from "./l2-normalise.ts";

/** Pushes a logit out of a softmax: far below -1/temperature, and exp gives exactly 0. */
const MASKED = -1e9;

/**
 * `mean over anchors i of log Σ_{k ≠ i} exp(s_ik/t) - s_ip/t`, with cosine similarities s and i's partner p.
 * Reads nothing back, so a step that contains it can be recorded as a graph.
 * @param a first views [n, d], not normalised
 * @param b second views [n, d], of the same images
 * @param temperature t > 0
 * @param groups int32 [n]: view k leaves anchor i's sum when it has i's group and is not i's partner
 * @returns scalar; belongs to the caller's tidy
 */
export function ntXent(a: tf.Tensor2D, b: tf.Tensor2D, temperature: number, groups?: tf.Tensor1D): tf.Scalar {
  if (a.shape[0] !== b.shape[0] || a.shape[1] !== b.shape[1])
    throw new RangeError(`ntXent: views must have one shape, got [${a.shape}] and [${b.shape}]`);
  if (!(temperature > 0)) throw new RangeError(`ntXent: temperature must be > 0, got ${temperature}`);
  if (groups && groups.shape[0] !== a.shape[0]) throw new RangeError(`ntXent: groups must be [${a.shape[0]}], got [${groups.shape}]`);
  const n = a.shape[0];
  return tf.tidy(() => {
    const z = l2Normalise(tf.concat([a, b])); // [2n, d]
    const similarity: tf.Tensor2D = tf.div(matMul(z, z, { b: true }), temperature); // [2n, 2n]
    const logits = tf.add(similarity, tf.mul(excluded(n, groups), MASKED));
    const partners = tf.sum(tf.mul(similarity, partnerMatrix(n)), 1); // [2n]
    return tf.mean(tf.sub(tf.logSumExp(logits, 1), partners));
  });
}

/** 1 where column k is the other view of row i's image, [2n, 2n]. */
function partnerMatrix(n: number): tf.Tensor2D {
  const values = new Float32Array(4 * n * n);
  for (let i = 0; i < 2 * n; i++) values[i * 2 * n + ((i + n) % (2 * n))] = 1;
  return tf.tensor2d(values, [2 * n, 2 * n]);
}

/** 1 where column k is out of row i's sum: the anchor itself, and its group save its partner, [2n, 2n]. */
function excluded(n: number, groups: tf.Tensor1D | undefined): tf.Tensor2D {
  if (!groups) return tf.eye(2 * n);
  const both = tf.concat([groups, groups]);
  const same = tf.cast(tf.equal(both.reshape([2 * n, 1]), both.reshape([1, 2 * n])), "float32");
  return tf.sub(same, partnerMatrix(n)); // a partner always has its anchor's group
}
