/** @file The stop-gradient of self-supervised losses: what is computed in here is a constant for the derivative. */
import { tf } from "../engine/tf.ts";

/**
 * Runs `compute` beside the gradient tape: no gradient flows into what it used, and nothing is kept or computed for one.
 * @returns what `compute` returned; belongs to the caller's tidy
 */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  // a customGrad without inputs: ops inside are off the tape, and the one node on it leads nowhere
  const constant = tf.customGrad(() => ({ value: tf.tidy(compute), gradFunc: () => [] }));
  return constant();
}
