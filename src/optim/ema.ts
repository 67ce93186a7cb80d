/**
 * @file The moving average of a network's parameters: BYOL's target, MoCo's key encoder.
 * Reference: Grill et al. 2020, arXiv 2006.07733, §3.1 `ξ ← τξ + (1 - τ)θ`; He et al. 2020, arXiv 1911.05722, eq. 2.
 */
import { tf } from "../engine/tf.ts";

/**
 * `target + (1 - τ)·(online - target)`: where both are equal they stay equal to the last bit, and 1 - τ is exact in float32.
 * @param target any shape
 * @param online the same shape
 * @param tau share that is kept, 0–1; a tensor, because it changes from step to step
 * @returns the new target; belongs to the caller's tidy
 */
export function ema<T extends tf.Tensor>(target: T, online: T, tau: tf.Scalar): T {
  if (target.shape.join() !== online.shape.join()) throw new RangeError(`ema: online must be [${target.shape}], got [${online.shape}]`);
  return tf.tidy(() => tf.add<T>(target, tf.mul(tf.sub(1, tau), tf.sub(online, target))));
}
