/** @file Frames of a data set as a batch of floats. */
import { tf } from "../engine/tf.ts";

const LEVELS = 255;

/** Square frames of `size` pixels a side, grey levels 0–255: all of them in memory [count, size, size], or read by whoever keeps them. */
export type GreyFrames = { size: number } & ({ pixels: Uint8Array } | { pixelsOf(images: ArrayLike<number>): Uint8Array });

/** @returns grey levels of `images`, [n, size, size] */
function levelsOf(frames: GreyFrames, images: ArrayLike<number>): Uint8Array {
  if ("pixelsOf" in frames) return frames.pixelsOf(images);
  const area = frames.size ** 2;
  const levels = new Uint8Array(images.length * area);
  for (let i = 0; i < images.length; i++) levels.set(frames.pixels.subarray(images[i] * area, (images[i] + 1) * area), i * area);
  return levels;
}

/** Each level as a share of the brightest: a look-up is faster than a division a pixel. */
const SHARES = Float32Array.from({ length: LEVELS + 1 }, (_, level) => level / LEVELS);

/**
 * @param images which frames, [n]
 * @returns [n, size, size, 1] in 0–1; the caller disposes it
 */
export function batchOf(frames: GreyFrames, images: ArrayLike<number>): tf.Tensor4D {
  const { size } = frames;
  const levels = levelsOf(frames, images);
  const values = new Float32Array(levels.length);
  for (let i = 0; i < values.length; i++) values[i] = SHARES[levels[i]];
  return tf.tensor4d(values, [images.length, size, size, 1]);
}

/** The batches one by one, so that only one is in memory; whoever takes a batch disposes it. */
export function* batchesOf(frames: GreyFrames, batches: Iterable<ArrayLike<number>>): Generator<tf.Tensor4D> {
  for (const images of batches) yield batchOf(frames, images);
}
