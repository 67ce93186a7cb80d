/** @file Softmax cross-entropy with optional class weights. */
import { tf } from "../engine/tf.ts";

/**
 * `Σ_i w(y_i)·(-log softmax(logits_i)[y_i]) / Σ_i w(y_i)`: a weighted mean, so the weights' scale does not matter.
 * Reads nothing back: a label outside 0 … k-1 counts as no label (weight 0).
 * @param logits [n, k]
 * @param labels int32 [n] in 0 … k-1
 * @param classWeights [k], all 1 where absent
 * @returns scalar; belongs to the caller's tidy
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D, classWeights?: tf.Tensor1D): tf.Scalar {
  const [n, k] = logits.shape;
  if (labels.shape[0] !== n) throw new RangeError(`crossEntropy: labels must be [${n}], got [${labels.shape}]`);
  if (classWeights && classWeights.shape[0] !== k)
    throw new RangeError(`crossEntropy: classWeights must be [${k}], got [${classWeights.shape}]`);
  return tf.tidy(() => {
    const hot = tf.oneHot(labels, k).toFloat(); // [n, k]
    const weights = classWeights ? tf.mul(hot, classWeights) : hot;
    return tf.neg(tf.div(tf.sum(tf.mul(weights, tf.logSoftmax(logits))), tf.sum(weights)));
  });
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
