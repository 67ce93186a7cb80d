/** @file Binomial blur, the discrete Gaussian: taps C(width - 1, k) / 2^(width - 1) along each axis, variance (width - 1)/4. */
import { tf } from "../engine/tf.ts";
import { range } from "../util/rng.ts";

/** Row `width - 1` of Pascal's triangle over its sum. */
function taps(width: number): number[] {
  let row = [1];
  while (row.length < width) row = [...row, 0].map((value, i) => value + (row[i - 1] ?? 0));
  return row.map((value) => value / 2 ** (width - 1));
}

/**
 * The border is repeated (mirrored with its edge), so that a constant stays as it is.
 * @param x [n, h, w, 1]
 * @param width odd; 3 is one 3 × 3 convolution, more are one convolution along each axis
 * @returns [n, h, w, 1]; belongs to the caller's tidy
 */
export function binomialBlur(x: tf.Tensor4D, width: number): tf.Tensor4D {
  const line = taps(width);
  const reach = (width - 1) / 2;
  const padding: [number, number][] = [0, reach, reach, 0].map((pixels) => [pixels, pixels]);
  const padded = tf.mirrorPad(x, padding, "symmetric");
  const convolve = (y: tf.Tensor4D, kernel: number[], height: number): tf.Tensor4D =>
    tf.depthwiseConv2d(y, tf.tensor4d(kernel, [height, kernel.length / height, 1, 1]), 1, "valid");
  if (width === 3) {
    const square = range(9).map((i) => line[Math.floor(i / 3)] * line[i % 3]);
    return convolve(padded, square, 3);
  }
  return convolve(convolve(padded, line, width), line, 1);
}
