/**
 * @file Gradient clipping by the length of the whole gradient.
 * Reference: Pascanu et al. 2013, arXiv 1211.5063, algorithm 1, with torch's 1e-6 beside the length.
 */
import { tf } from "../engine/tf.ts";
import type { Optimiser } from "./base.ts";

/** Length of the gradient [p] over all parameters; scalar, belongs to the caller's tidy. */
export const gradientNorm = (grad: tf.Tensor1D): tf.Scalar => tf.tidy(() => tf.sqrt(tf.sum(tf.square(grad))));

/** `grad · min(1, longest/(|grad| + 1e-6))`, [p]. */
export function clipByNorm(grad: tf.Tensor1D, longest: number): tf.Tensor1D {
  if (!(longest > 0)) throw new RangeError(`clipByNorm: longest must be > 0, got ${longest}`);
  return tf.tidy(() => tf.mul(grad, tf.minimum(1, tf.div(longest, tf.add(gradientNorm(grad), 1e-6)))));
}

/** The update rule, with gradients no longer than `longest`. */
export const clipped = (optimiser: Optimiser, longest: number): Optimiser => ({
  init: (size) => optimiser.init(size),
  update: (input) => tf.tidy(() => optimiser.update({ ...input, grad: clipByNorm(input.grad, longest) })),
});
