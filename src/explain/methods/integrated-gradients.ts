/**
 * @file Integrated gradients: the gradient averaged on the straight path from a baseline, times the way gone.
 * Reference: Sundararajan, Taly & Yan 2017, arXiv 1703.01365, eq. 1 and 3; quadrature by Gauss-Legendre in place of the Riemann sum.
 */
import type { IntegratedGradientsConfig } from "../../config/explain.ts";
import { tf } from "../../engine/tf.ts";
import type { Attribution, Classifier } from "../classifier.ts";
import { gaussLegendre } from "../gauss-legendre.ts";

/** Points of the path in one gradient: bounds memory whatever the number of images and steps. */
const INTERNAL_BATCH = 32;

/**
 * `A = (x - b) · Σ_k w_k ∇S(b + α_k (x - b))` on the pixel grid. `delta` tells how well the sum meets S(x) - S(b).
 * @param x images [n, h, w, 1]
 * @param internalBatch path points in one gradient, of any image; the result does not depend on it
 */
export function integratedGradients(
  classifier: Classifier,
  x: tf.Tensor4D,
  config: IntegratedGradientsConfig,
  internalBatch = INTERNAL_BATCH,
): Attribution {
  const [n, rows, columns] = x.shape;
  const score = (images: tf.Tensor4D): tf.Tensor1D => classifier.scoreOfMap(classifier.featureMap(images));
  const gradient = tf.grad((images) => score(images as tf.Tensor4D).sum());
  const { nodes, weights } = gaussLegendre(config.steps);
  const pixels = rows * columns;
  const path = tf.tidy(() => {
    const baseline = config.baseline === "mean" ? x.mean([1, 2, 3], true).mul(tf.onesLike(x)) : tf.zerosLike(x);
    return { baseline: baseline as tf.Tensor4D, way: x.sub<tf.Tensor4D>(baseline) };
  });
  try {
    const sums = new Float64Array(n * pixels); // Σ_k w_k ∇S, in float64 so that the order of batches leaves no trace
    for (let from = 0; from < n * config.steps; from += internalBatch) {
      const points = Array.from({ length: Math.min(internalBatch, n * config.steps - from) }, (_, i) => from + i);
      const images = points.map((point) => Math.floor(point / config.steps));
      const gradients = tf.tidy(() => {
        const index = tf.tensor1d(images, "int32");
        const alpha = tf.tensor4d(
          points.map((point) => nodes[point % config.steps]),
          [points.length, 1, 1, 1],
        );
        return gradient(path.baseline.gather(index).add(path.way.gather(index).mul(alpha))).dataSync<"float32">(); // [points, h, w, 1]
      });
      points.forEach((point, i) => {
        const weight = weights[point % config.steps];
        for (let p = 0; p < pixels; p++) sums[images[i] * pixels + p] += weight * gradients[i * pixels + p];
      });
    }
    const way = path.way.dataSync<"float32">();
    const values = Float32Array.from(sums, (sum, i) => sum * way[i]);
    const change = tf.tidy(() => score(x).sub(score(path.baseline)).dataSync<"float32">()); // [n]
    const delta = change.map((difference, i) => values.subarray(i * pixels, (i + 1) * pixels).reduce((a, b) => a + b, 0) - difference);
    return { values, n, rows, columns, delta };
  } finally {
    tf.dispose(path);
  }
}
