/**
 * @file Statistics of batch norms for inference, measured over the training images after training ("precise BN").
 * Reference: Wu & Johnson 2021, arXiv 2105.07576, §3.1: mean of the batch means; variance by the law of total variance.
 */
import { tf } from "../engine/tf.ts";
import type { NormSpec } from "./layers.ts";
import type { Encoder } from "./encoder.ts";
import { sizeOf, unflatten, type NormMode, type NormStatistics } from "./network.ts";

/** Mean and variance so far, in float64. */
interface Running {
  images: number;
  mean: Float64Array;
  variance: Float64Array;
}

/**
 * Runs `forward` in batch mode over every batch and pools what each norm saw, weighted by images.
 * @param batches inputs [n, h, w, c], at least one; disposed here, so a generator can make them one by one
 * @param forward the network up to its last norm; its result is dropped
 */
export function measureStatistics(
  norms: readonly NormSpec[],
  batches: Iterable<tf.Tensor4D>,
  forward: (x: tf.Tensor4D, mode: NormMode) => tf.Tensor,
): Map<string, NormStatistics> {
  const running = new Map<string, Running>(
    norms.map(({ name, channels }) => [name, { images: 0, mean: new Float64Array(channels), variance: new Float64Array(channels) }]),
  );
  for (const x of norms.length > 0 ? batches : []) {
    tf.tidy(
      () => void forward(x, { kind: "batch", observe: (name, mean, variance) => add(running.get(name), x.shape[0], mean, variance) }),
    );
    x.dispose();
  }
  return new Map([...running].map(([name, found]) => [name, finish(name, found)]));
}

/** Joins a batch: the variance of a union is the mean of the variances plus the variance of the means. */
function add(running: Running | undefined, images: number, batchMean: tf.Tensor1D, batchVariance: tf.Tensor1D): void {
  if (!running) return; // a norm that the caller did not ask for
  const means = batchMean.dataSync();
  const variances = batchVariance.dataSync();
  const { mean, variance } = running;
  running.images += images;
  const share = images / running.images;
  for (let c = 0; c < mean.length; c++) {
    const shift = means[c] - mean[c];
    mean[c] += share * shift;
    variance[c] += share * (variances[c] - variance[c]) + share * (1 - share) * shift ** 2;
  }
}

function finish(name: string, { images, mean, variance }: Running): NormStatistics {
  if (images === 0) throw new RangeError(`measureStatistics: at least one batch must pass the norm "${name}", got none`);
  return { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

/**
 * Statistics of a trained encoder, whose parameters come first in `flat`.
 * @param flat parameters [p]
 * @param batches images [n, h, w, 1]; disposed here
 */
export function encoderStatistics(encoder: Encoder, flat: Float32Array, batches: Iterable<tf.Tensor4D>): Map<string, NormStatistics> {
  const values = tf.tensor1d(flat.subarray(0, sizeOf(encoder.specs)));
  try {
    return measureStatistics(encoder.norms, batches, (x, mode) => encoder.featureMap(unflatten(values, encoder.specs), x, mode));
  } finally {
    values.dispose();
  }
}

/** Inference mode with these statistics as tensors; call `dispose` when done. */
export function fixedMode(statistics: ReadonlyMap<string, NormStatistics>): { mode: NormMode; dispose(): void } {
  const tensors = new Map(
    [...statistics].map(([name, { mean, variance }]) => [name, { mean: tf.tensor1d(mean), variance: tf.tensor1d(variance) }]),
  );
  return { mode: { kind: "fixed", statistics: tensors }, dispose: () => tf.dispose([...tensors.values()]) };
}
