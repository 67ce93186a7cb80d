/** @file Softmax cross-entropy with optional class weights, smoothed labels and mixed ones. */
import { tf } from "../engine/tf.ts";

/** Targets that are not one class alone. */
export interface SoftTargets {
  /** share ε of a target that is spread evenly over the classes, 0 ≤ ε < 1; 0 where absent */
  smoothing?: number;
  /** a second label of each row, int32 [n], and the share of the first one, λ in 0–1, [n] */
  mixed?: { labels: tf.Tensor1D; shares: tf.Tensor1D };
}

/**
 * `Σ_i w(y_i)·(-log softmax(logits_i)[y_i]) / Σ_i w(y_i)`: a weighted mean, so the weights' scale does not matter.
 * With a second label a row counts as λ of a row of the first and 1 - λ of one of the second (Zhang et al. 2018, arXiv 1710.09412, eq. 1).
 * With smoothing the target of label y is `(1 - ε)·[k = y] + ε/k` (Szegedy et al. 2016, arXiv 1512.00567, §7), and the weight is that of y as before:
 * torch weighs each term of the sum by its own class, so that a rare class would be smoothed less than a frequent one.
 * Reads nothing back: a label outside 0 … k-1 counts as no label (weight 0).
 * @param logits [n, k]
 * @param labels int32 [n] in 0 … k-1
 * @param classWeights [k], all 1 where absent
 * @returns scalar; belongs to the caller's tidy
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  classWeights?: tf.Tensor1D,
  { smoothing = 0, mixed }: SoftTargets = {},
): tf.Scalar {
  const [n, k] = logits.shape;
  const lengths = mixed ? { labels, "mixed.labels": mixed.labels, "mixed.shares": mixed.shares } : { labels };
  for (const [name, { shape }] of Object.entries(lengths))
    if (shape[0] !== n) throw new RangeError(`crossEntropy: ${name} must be [${n}], got [${shape}]`);
  if (classWeights && classWeights.shape[0] !== k)
    throw new RangeError(`crossEntropy: classWeights must be [${k}], got [${classWeights.shape}]`);
  if (!(smoothing >= 0 && smoothing < 1)) throw new RangeError(`crossEntropy: smoothing must be from 0 to below 1, got ${smoothing}`);
  return tf.tidy(() => {
    const first = tf.oneHot(labels, k).toFloat(); // [n, k]
    const hot = mixed ? mixTargets(first, tf.oneHot(mixed.labels, k).toFloat(), mixed.shares) : first;
    const weights = classWeights ? tf.mul(hot, classWeights) : hot;
    const targets = smoothing > 0 ? tf.add(tf.mul(weights, 1 - smoothing), tf.mul(tf.sum(weights, 1, true), smoothing / k)) : weights;
    return tf.neg(tf.div(tf.sum(tf.mul(targets, tf.logSoftmax(logits))), tf.sum(weights)));
  });
}

/** `λ·first + (1 - λ)·second`, each [n, k]. */
function mixTargets(first: tf.Tensor, second: tf.Tensor, shares: tf.Tensor1D): tf.Tensor {
  const share = tf.reshape(shares, [-1, 1]); // not expandDims, whose kernel in tfjs-node names no type, so that no graph can hold it
  return tf.add(tf.mul(share, first), tf.mul(tf.sub(1, share), second));
}

/**
 * Weights that give each class the same share of the loss: `n/(k·n_c)`, 0 for a class without examples.
 * @param labels in 0 … classes-1
 */
export function balancedWeights(labels: ArrayLike<number>, classes: number): Float32Array {
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  return Float32Array.from(counts, (count) => (count === 0 ? 0 : labels.length / (classes * count)));
}
