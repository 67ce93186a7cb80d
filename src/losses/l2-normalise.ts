/** @file Rows scaled to length 1. */
import { tf } from "../engine/tf.ts";

/** Square of the shortest length that is still scaled to 1 (torch's `normalize` uses 1e-12 for the length). */
const SMALLEST_SQUARE = 1e-24;

/** x [n, d] → rows of length 1 [n, d]; a row of zeros stays zero, with a finite gradient. */
export function l2Normalise(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), 1, true), SMALLEST_SQUARE))));
}
