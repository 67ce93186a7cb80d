/**
 * @file LARS: SGD with momentum whose step is, for each tensor, a fixed share of the tensor's own length; keeps large batches stable.
 * Reference: You et al. 2017, arXiv 1708.03888, eq. 6 and algorithm 1; the clipped form is apex's LARC.
 */
import { tf } from "../engine/tf.ts";
import { stepSize, type Optimiser } from "./base.ts";
import { normPerTensor, spreadPerTensor } from "./per-tensor.ts";

export interface LarsOptions {
  momentum: number;
  weightDecay: number;
  nesterov?: boolean;
  /** Share of a tensor's length that a step at learning rate 1 goes. */
  trust?: number;
  epsilon?: number;
  /** Never step further than plain SGD would: the ratio is at most the learning rate (LARC). */
  clip?: boolean;
  /** Number of parameters of each tensor, in the order of the flat vector, [s]. */
  sizes: readonly number[];
}

/**
 * For a tensor w with gradient g and decay factor f: `d = (g + λf·w)·trust·|w| / (|g| + λf·|w| + ε)`, then momentum and step as in `sgd`.
 * A tensor that does not decay (bias, norm: f = 0), and one with |w| or |g| of 0, has `d = g`: no ratio, no decay. This is decided by f,
 * so that the ratio also holds at λ = 0 (lightly turns it off there, and is plain SGD without a word).
 * State: the momentum buffer [p].
 */
export function lars(options: LarsOptions): Optimiser {
  const { momentum, weightDecay, nesterov = false, trust = 0.001, epsilon = 1e-8, clip = false, sizes } = options;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return {
    init(size) {
      if (size !== total) throw new RangeError(`lars: sizes must add up to ${size} parameters, got ${total}`);
      return [tf.zeros([size])];
    },
    update: (input) =>
      tf.tidy(() => {
        const { flat, grad, decay, slots, learningRate } = input;
        const shrinking = tf.mul<tf.Tensor1D>(tf.mul(flat, decay), weightDecay); // λf·w, [p]
        const [w, g, shrink] = [flat, grad, shrinking].map((part) => normPerTensor(part, sizes)); // [s] each
        const full = tf.div(tf.mul(w, trust), tf.add(tf.add(g, shrink), epsilon));
        const ratio = clip ? tf.minimum(tf.div(full, learningRate), 1) : full;
        // a ratio of 0 marks the tensors that have none; a real one is above 0
        const spread = spreadPerTensor(tf.where(tf.greater(tf.minimum(w, g), 0), ratio, tf.zerosLike(ratio)) as tf.Tensor1D, sizes);
        const adapted = tf.logicalAnd(tf.greater(spread, 0), tf.greater(decay, 0));
        const direction = tf.where(adapted, tf.mul(tf.add(grad, shrinking), spread), grad);
        const buffer = tf.add(tf.mul(slots[0], momentum), direction);
        const step = nesterov ? tf.add(direction, tf.mul(buffer, momentum)) : buffer;
        return { flat: tf.sub<tf.Tensor1D>(flat, tf.mul(step, stepSize(input))), slots: [buffer] };
      }),
  };
}
