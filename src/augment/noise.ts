/**
 * @file A strip of standard normal numbers that wraps around; each view takes its window from a row of its own. So noise depends on the
 * view's stream alone, costs one copy of rows, needs no random op, and runs on every backend. It may be correlated, at no cost later.
 */
import { tf } from "../engine/tf.ts";
import { range, rngOf } from "../util/rng.ts";
import { gatherRows } from "./gather-rows.ts";

/** Windows start at row 0 … NOISE_ROWS-1. */
export const NOISE_ROWS = 4096;

/**
 * The strip for views of side `size` or less, [NOISE_ROWS + size, size]: it repeats after NOISE_ROWS, so that every row has a whole window.
 * The caller disposes it.
 * @param grain standard deviations in pixels, across and along the beam, of the Gaussian that correlates the noise; 0 for none
 */
export function noiseStrip(seed: number, size: number, grain: readonly [number, number] = [0, 0]): tf.Tensor2D {
  const rng = rngOf(seed, "augment", "noise");
  const white = Float32Array.from({ length: NOISE_ROWS * size }, () => rng.normal());
  const tile = smooth(smooth(white, grain[0], { stride: 1, length: size }), grain[1], { stride: size, length: NOISE_ROWS });
  const strip = new Float32Array((NOISE_ROWS + size) * size);
  strip.set(tile);
  strip.set(tile.subarray(0, size * size), tile.length);
  return tf.tensor2d(strip, [NOISE_ROWS + size, size]);
}

/** Windows [rows, size, size, 1] of the strip from the rows `first` [rows, 1] on; belong to the caller's tidy. */
export function noiseWindows(strip: tf.Tensor2D, first: tf.Tensor2D, size: number): tf.Tensor4D {
  const [windows, width] = [first.shape[0], strip.shape[1]];
  const down = tf.tensor2d(range(size), [1, size], "int32");
  const places: tf.Tensor1D = tf.reshape(tf.add(tf.cast(first, "int32"), down), [windows * size]);
  const rows = tf.reshape<tf.Rank.R4>(gatherRows(strip, places), [windows, size, width, 1]);
  return width === size ? rows : tf.slice(rows, 0, [windows, size, size, 1]);
}

/** Gaussian sums along an axis, wrapped around, with weights of unit norm: independent numbers keep their variance of 1. */
function smooth(tile: Float32Array, sigma: number, { stride, length }: { stride: number; length: number }): Float32Array {
  if (sigma === 0) return tile;
  const reach = Math.ceil(4 * sigma);
  const raw = range(2 * reach + 1).map((i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const norm = Math.hypot(...raw);
  return tile.map((_, i) => {
    const at = Math.floor(i / stride) % length;
    let sum = 0;
    for (let k = -reach; k <= reach; k++) sum += raw[k + reach] * tile[i + (((at + k + reach * length) % length) - at) * stride];
    return sum / norm;
  });
}
