/**
 * @file A field of standard normal numbers that wraps around; each view takes its window from an offset of its own. So noise
 * depends on the view's stream alone, costs one gather, needs no random op, and runs on every backend. It may be correlated, at no cost later.
 */
import { tf } from "../engine/tf.ts";
import { range, rngOf } from "../util/rng.ts";

/** Offsets lie in 0 … NOISE_SIDE-1 along each axis: 2^16 windows. */
export const NOISE_SIDE = 256;

/**
 * The field for views of side `size` or less, [1, NOISE_SIDE + size, NOISE_SIDE + size, 1]: it repeats after NOISE_SIDE, so that every
 * offset has a whole window, with a pixel to spare after the last one. The caller disposes it.
 * @param grain standard deviations in pixels, across and along the beam, of the Gaussian that correlates the noise; 0 for none
 */
export function noiseField(seed: number, size: number, grain: readonly [number, number] = [0, 0]): tf.Tensor4D {
  const rng = rngOf(seed, "augment", "noise");
  const white = Float32Array.from({ length: NOISE_SIDE * NOISE_SIDE }, () => rng.normal());
  const tile = smooth(smooth(white, grain[0], 1), grain[1], NOISE_SIDE);
  const side = NOISE_SIDE + size;
  const field = new Float32Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) field[y * side + x] = tile[(y % NOISE_SIDE) * NOISE_SIDE + (x % NOISE_SIDE)]!;
  return tf.tensor4d(field, [1, side, side, 1]);
}

/** Gaussian sums along the axis of this stride, wrapped around, with weights of unit norm: independent numbers keep their variance of 1. */
function smooth(tile: Float32Array, sigma: number, stride: 1 | typeof NOISE_SIDE): Float32Array {
  if (sigma === 0) return tile;
  const reach = Math.ceil(4 * sigma);
  const raw = range(2 * reach + 1).map((i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const norm = Math.hypot(...raw);
  return tile.map((_, i) => {
    const at = Math.floor(i / stride) % NOISE_SIDE;
    let sum = 0;
    for (let k = -reach; k <= reach; k++) sum += raw[k + reach] * tile[i + (((at + k + NOISE_SIDE) % NOISE_SIDE) - at) * stride];
    return sum / norm;
  });
}
