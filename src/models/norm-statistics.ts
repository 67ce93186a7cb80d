/**
 * @file Statistics of batch norms for inference, measured over the training images after training ("precise BN").
 * Reference: Wu & Johnson 2021, arXiv 2105.07576, §3.1: mean of the batch means; variance by the law of total variance.
 */
import { tf } from "../engine/tf.ts";
import type { NormSpec } from "./layers.ts";
import type { NormMode, NormStatistics } from "./network.ts";

interface Sums {
  count: number;
  mean: Float64Array;
  /** Running second moment, E[x²]. */
  square: Float64Array;
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
  const sums = new Map<string, Sums>(
    norms.map(({ name, channels }) => [name, { count: 0, mean: new Float64Array(channels), square: new Float64Array(channels) }]),
  );
  for (const x of batches) {
    tf.tidy(() => void forward(x, { kind: "batch", observe: (name, mean, variance) => add(sums.get(name), x.shape[0], mean, variance) }));
    x.dispose();
  }
  return new Map([...sums].map(([name, found]) => [name, finish(name, found)]));
}

function add(sums: Sums | undefined, count: number, mean: tf.Tensor1D, variance: tf.Tensor1D): void {
  if (!sums) return; // a norm that the caller did not ask for
  const means = mean.dataSync();
  const variances = variance.dataSync();
  sums.count += count;
  const share = count / sums.count;
  for (let c = 0; c < means.length; c++) {
    sums.mean[c]! += share * (means[c]! - sums.mean[c]!);
    sums.square[c]! += share * (variances[c]! + means[c]! ** 2 - sums.square[c]!);
  }
}

function finish(name: string, { count, mean, square }: Sums): NormStatistics {
  if (count === 0) throw new RangeError(`measureStatistics: at least one batch must pass the norm "${name}", got none`);
  return { mean: Float32Array.from(mean), variance: Float32Array.from(square, (value, c) => Math.max(0, value - mean[c]! ** 2)) };
}

/** Inference mode with these statistics as tensors; call `dispose` when done. */
export function fixedMode(statistics: ReadonlyMap<string, NormStatistics>): { mode: NormMode; dispose(): void } {
  const tensors = new Map([...statistics].map(([name, { mean, variance }]) => [name, { mean: tf.tensor1d(mean), variance: tf.tensor1d(variance) }]));
  return { mode: { kind: "fixed", statistics: tensors }, dispose: () => tf.dispose([...tensors.values()]) };
}
