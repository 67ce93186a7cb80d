/**
 * @file Adam with decoupled weight decay.
 * Reference: Kingma & Ba 2015, arXiv 1412.6980, algorithm 1; Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2.
 */
import { tf } from "../engine/tf.ts";
import { stepSize, type Optimiser } from "./base.ts";

export interface AdamwOptions {
  weightDecay: number;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}

/** State: first moment [p], second moment [p], updates so far (scalar). */
export function adamw({ weightDecay, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamwOptions): Optimiser {
  return {
    init: (size) => [tf.zeros([size]), tf.zeros([size]), tf.scalar(0)],
    update: (input) =>
      tf.tidy(() => {
        const { flat, grad, decay, slots } = input;
        const count = tf.add(slots[2], 1);
        const first = tf.add(tf.mul(slots[0], beta1), tf.mul(grad, 1 - beta1));
        const second = tf.add(tf.mul(slots[1], beta2), tf.mul(tf.square(grad), 1 - beta2));
        const deviation = tf.add(tf.sqrt(tf.div(second, correction(beta2, count))), epsilon);
        const direction = tf.div(tf.div(first, correction(beta1, count)), deviation);
        const decayed = weightDecay === 0 ? direction : tf.add(direction, tf.mul(tf.mul(flat, decay), weightDecay));
        return { flat: tf.sub<tf.Tensor1D>(flat, tf.mul(decayed, stepSize(input))), slots: [first, second, count] };
      }),
  };
}

/** `1 - beta^count` as `-expm1(count·log beta)`, exact in float32 where beta^count is near 1. */
const correction = (beta: number, count: tf.Tensor): tf.Tensor => tf.neg(tf.expm1(tf.mul(count, Math.log(beta))));
