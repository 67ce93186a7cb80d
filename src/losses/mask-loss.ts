/** @file How far predicted cells lie from a mask: cross-entropy of each cell, and the Dice loss of all together. */
import { tf } from "../engine/tf.ts";

/** Masks on the cells of a feature map, with the weight of each image. */
export interface MaskTargets {
  /** share of each cell that the mask covers, times the image's weight; [n, h, w, 1] */
  covered: tf.Tensor4D;
  /** 1 where the image has a mask, 0 where none is known, a share of 1 where images are mixed; [n, 1, 1, 1] */
  weights: tf.Tensor4D;
}

/**
 * `Σ_i v_i·mean over cells of (softplus(z) - m·z) / Σ_i v_i`: cross-entropy of the sigmoid, in the form that cannot overflow; 0 without weight.
 * @param logits [n, h, w, 1]
 * @returns scalar; belongs to the caller's tidy
 */
export function maskCrossEntropy(logits: tf.Tensor4D, { covered, weights }: MaskTargets): tf.Scalar {
  checkShapes("maskCrossEntropy", logits, { covered, weights });
  const [, h, w] = logits.shape;
  return tf.tidy(() => {
    const each = tf.sub(tf.mul(weights, tf.softplus(logits)), tf.mul(covered, logits));
    return tf.div(tf.sum(each), tf.mul(atLeastSome(tf.sum(weights)), h * w));
  });
}

/**
 * `1 - 2·Σ p·m / (Σ p + Σ m)` with sums over all cells of all images that have a mask (Milletari et al. 2016, arXiv 1606.04797, §3; without squares,
 * and over the batch, so that a view that misses the lesion has no ratio of its own). 0 without weight.
 * @param logits [n, h, w, 1]
 * @returns scalar in 0–1; belongs to the caller's tidy
 */
export function maskDice(logits: tf.Tensor4D, { covered, weights }: MaskTargets): tf.Scalar {
  checkShapes("maskDice", logits, { covered, weights });
  return tf.tidy(() => {
    const p = tf.sigmoid(logits);
    const known = tf.mul(weights, p);
    const [both, all] = [tf.mul(2, tf.sum(tf.mul(covered, p))), tf.add(tf.sum(known), tf.sum(covered))];
    return tf.div(tf.sub(all, both), atLeastSome(all));
  });
}

/** A sum that may be 0, as a divisor of what is 0 then. */
const atLeastSome = (sum: tf.Tensor): tf.Tensor => tf.maximum(sum, 1e-12);

function checkShapes(name: string, { shape }: tf.Tensor4D, { covered, weights }: MaskTargets): void {
  if (`${covered.shape}` !== `${shape}`) throw new RangeError(`${name}: covered must be [${shape}], got [${covered.shape}]`);
  if (`${weights.shape}` !== `${shape[0]},1,1,1`)
    throw new RangeError(`${name}: weights must be [${shape[0]},1,1,1], got [${weights.shape}]`);
}
