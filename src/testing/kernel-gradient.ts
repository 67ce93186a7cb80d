/** @file A training gradient that any engine can compute, to compare engines by. */
import { batchNorm } from "../engine/batch-norm.ts";
import { relu } from "../engine/relu.ts";
import { tf } from "../engine/tf.ts";

/** Gradient of a strided convolution with batch norm and rectifier, by its kernel [3, 3, 1, 2]; the same numbers in every process. */
export function kernelGradient(): number[] {
  return tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 8, 8, 1], 0, 1, "float32", 1);
    const loss = (w: tf.Tensor): tf.Scalar => {
      const y = tf.conv2d(x, w as tf.Tensor4D, 2, "same");
      return tf.sum(tf.square(relu(batchNorm(y, tf.tensor1d([1, 2]), tf.tensor1d([0.1, 0.2]), 1e-3))));
    };
    return Array.from(
      tf
        .grad(loss)(tf.randomNormal([3, 3, 1, 2], 0, 1, "float32", 2))
        .dataSync(),
    );
  });
}
