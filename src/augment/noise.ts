/**
 * @file A field of standard normal numbers that wraps around; each view takes its window from an offset of its own. So noise
 * depends on the view's stream alone, costs one gather, needs no random op, and runs on every backend.
 */
import { tf } from "../engine/tf.ts";
import { rngOf } from "../util/rng.ts";

/** Offsets lie in 0 … NOISE_SIDE-1 along each axis: 2^16 windows. */
export const NOISE_SIDE = 256;

/**
 * The field for views of side `size`, [1, NOISE_SIDE + size, NOISE_SIDE + size, 1]: it repeats after NOISE_SIDE, so that every
 * offset has a whole window, with a pixel to spare after the last one. The caller disposes it.
 */
export function noiseField(seed: number, size: number): tf.Tensor4D {
  const rng = rngOf(seed, "augment", "noise");
  const tile = Float32Array.from({ length: NOISE_SIDE * NOISE_SIDE }, () => rng.normal());
  const side = NOISE_SIDE + size;
  const field = new Float32Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) field[y * side + x] = tile[(y % NOISE_SIDE) * NOISE_SIDE + (x % NOISE_SIDE)]!;
  return tf.tensor4d(field, [1, side, side, 1]);
}
