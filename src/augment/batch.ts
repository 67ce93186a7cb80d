/** @file Frames of a data set as a batch of floats. */
import { tf } from "../engine/tf.ts";

const LEVELS = 255;

/**
 * @param pixels grey levels 0–255 of the whole set, [count, size, size]
 * @param images which frames, [n]
 * @returns [n, size, size, 1] in 0–1; the caller disposes it
 */
export function batchOf(pixels: Uint8Array, size: number, images: ArrayLike<number>): tf.Tensor4D {
  const area = size * size;
  const values = new Float32Array(images.length * area);
  for (let i = 0; i < images.length; i++) values.set(pixels.subarray(images[i] * area, (images[i] + 1) * area), i * area);
  for (let i = 0; i < values.length; i++) values[i] /= LEVELS;
  return tf.tensor4d(values, [images.length, size, size, 1]);
}

/** The batches one by one, so that only one is in memory; whoever takes a batch disposes it. */
export function* batchesOf(frames: { pixels: Uint8Array; size: number }, batches: Iterable<ArrayLike<number>>): Generator<tf.Tensor4D> {
  for (const images of batches) yield batchOf(frames.pixels, frames.size, images);
}
