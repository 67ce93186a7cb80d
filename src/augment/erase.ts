/**
 * @file Fills in what was drawn into an image (calipers, text) from what is around it, so that no view shows it.
 * Reference: Knutsson & Westin 1993, "Normalized and differential convolution", CVPR, doi:10.1109/CVPR.1993.341081.
 */
import { tf } from "../engine/tf.ts";
import { range } from "../util/rng.ts";

/** Standard deviation of the Gaussian that averages the surroundings, as a share of the side. */
const REACH = 1 / 24;

/**
 * `G(x·(1 - m)) / G(1 - m)` where the mask m is 1, x elsewhere; G is a Gaussian mean.
 * @param images [n, s, s, 1]
 * @param drawn 1 on what was drawn, 0 elsewhere, [n, s, s, 1]
 * @returns [n, s, s, 1]; belongs to the caller's tidy
 */
export function eraseDrawn(images: tf.Tensor4D, drawn: tf.Tensor4D): tf.Tensor4D {
  const kept: tf.Tensor4D = tf.sub(1, drawn);
  const means = gaussianMeans(tf.concat([tf.mul(images, kept), kept], 0));
  const [levels, weights] = tf.split(means, 2, 0); // [n, s, s, 1] each
  return tf.add(tf.mul(images, kept), tf.mul(drawn, tf.div(levels, tf.maximum(weights, 1e-12))));
}

/** Sums weighted by exp(-d²/2σ²), by one product with a matrix along each axis. */
function gaussianMeans(x: tf.Tensor4D): tf.Tensor4D {
  const [n, side] = x.shape;
  const sigma = REACH * side;
  const weights = range(side * side).map((i) => Math.exp(-(((i % side) - Math.floor(i / side)) ** 2) / (2 * sigma * sigma)));
  const matrix = tf.tensor2d(weights, [side, side]); // symmetric
  const along = (y: tf.Tensor): tf.Tensor3D => tf.matMul(y.reshape<tf.Tensor2D>([n * side, side]), matrix).reshape([n, side, side]);
  return along(along(x).transpose([0, 2, 1]))
    .transpose([0, 2, 1])
    .reshape([n, side, side, 1]);
}
