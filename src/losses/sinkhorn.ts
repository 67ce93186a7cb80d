/**
 * @file Sinkhorn-Knopp: soft assignments of a batch to prototypes that use each prototype equally.
 * Reference: Cuturi 2013, Sinkhorn distances, arXiv 1306.0895, algorithm 1; Caron et al. 2020, arXiv 2006.09882, eq. 3–5. In the
 * logarithm, so that no exp overflows (float32 ends at scores/epsilon = 88).
 */
import { tf } from "../engine/tf.ts";

export interface SinkhornOptions {
  /** Entropy of the assignments: the smaller, the harder; > 0. */
  epsilon: number;
  /** Rounds of normalisation, each over prototypes, then over samples; ≥ 1. */
  iterations: number;
}

/**
 * `Diag(u)·exp(scores/ε)·Diag(v)`, scaled so that each row sums to 1 and (nearly) each column to n/k.
 * A constant for the gradient only where the caller makes it one.
 * @param scores [n, k]
 * @returns codes [n, k]; belong to the caller's tidy
 */
export function sinkhorn(scores: tf.Tensor2D, { epsilon, iterations }: SinkhornOptions): tf.Tensor2D {
  if (!(epsilon > 0)) throw new RangeError(`sinkhorn: epsilon must be > 0, got ${epsilon}`);
  if (!(Number.isInteger(iterations) && iterations > 0))
    throw new RangeError(`sinkhorn: iterations must be a whole number > 0, got ${iterations}`);
  return tf.tidy(() => {
    let log: tf.Tensor2D = tf.div(scores, epsilon);
    for (let i = 0; i < iterations; i++) {
      log = tf.sub(log, tf.logSumExp(log, 0, true)); // equal shares of the prototypes
      log = tf.sub(log, tf.logSumExp(log, 1, true)); // a distribution for each sample
    }
    return tf.exp(log);
  });
}
