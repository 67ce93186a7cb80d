/**
 * @file One number a tensor, where all tensors of a network lie end to end in one flat vector.
 * Split and tile, where one would expect segment sums and gather: a segment sum adds element by element, and on a GPU in the order in which
 * threads come, so that last bits change from run to run; of a gather tfjs reads all indices back to check them.
 */
import { tf } from "../engine/tf.ts";

/** Length of each tensor's part of x, [s]; x is [p] and sizes add up to p. */
export function normPerTensor(x: tf.Tensor1D, sizes: readonly number[]): tf.Tensor1D {
  return tf.tidy(() => {
    const sums = tf.split(tf.square(x), [...sizes]).map((part) => tf.sum<tf.Scalar>(part));
    return tf.sqrt(tf.stack(sums) as tf.Tensor1D);
  });
}

/** Each tensor's value at every place of its part: [s] → [p]. */
export function spreadPerTensor(values: tf.Tensor1D, sizes: readonly number[]): tf.Tensor1D {
  return tf.tidy(() => tf.concat(tf.split(values, sizes.length).map((value, i) => tf.tile(value as tf.Tensor1D, [sizes[i]]))));
}

/**
 * The same for arrays: decay or learning rate factors of parameter groups, one a tensor, as the vector [p] that an update takes.
 * @param factors [s], each ≥ 0
 */
export function factorsPerTensor(factors: readonly number[], sizes: readonly number[]): Float32Array {
  if (factors.length !== sizes.length)
    throw new RangeError(`factorsPerTensor: there must be a factor for each of ${sizes.length} tensors, got ${factors.length}`);
  const flat = new Float32Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  sizes.forEach((size, i) => flat.fill(factors[i], at, (at += size)));
  return flat;
}
