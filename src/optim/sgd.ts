/**
 * @file Stochastic gradient descent with momentum and L2 decay, as torch defines it.
 * Reference: Sutskever et al. 2013 (momentum, Nesterov) in torch.optim.SGD's form: `m ← μm + g`, `w ← w - η·m`, so a changing
 * learning rate acts at once. (Keras keeps the rate inside m.)
 */
import { tf } from "../engine/tf.ts";
import { stepSize, type Optimiser } from "./base.ts";

export interface SgdOptions {
  momentum: number;
  weightDecay: number;
  nesterov?: boolean;
}

/** State: the momentum buffer [p]. */
export function sgd({ momentum, weightDecay, nesterov = false }: SgdOptions): Optimiser {
  return {
    init: (size) => [tf.zeros([size])],
    update: (input) =>
      tf.tidy(() => {
        const { flat, decay, slots } = input;
        const grad: tf.Tensor1D = weightDecay === 0 ? input.grad : tf.add(input.grad, tf.mul(tf.mul(flat, decay), weightDecay));
        const buffer = tf.add(tf.mul(slots[0], momentum), grad);
        const direction = nesterov ? tf.add(grad, tf.mul(buffer, momentum)) : buffer;
        return { flat: tf.sub<tf.Tensor1D>(flat, tf.mul(direction, stepSize(input))), slots: [buffer] };
      }),
  };
}
