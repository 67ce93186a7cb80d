/** @file Views of a batch, seeded per image, epoch and view; holds the noise field that all views read. */
import type { AugmentConfig } from "../config/augment.ts";
import { tf } from "../engine/tf.ts";
import { augmentBatch } from "./apply.ts";
import { batchOf, type GreyFrames } from "./batch.ts";
import { noiseField } from "./noise.ts";
import { COLUMNS, drawParameters, type DrawKey } from "./parameters.ts";

export interface Augmenter {
  /**
   * Views of the images at `indices`: view 0 of each, then view 1, …
   * @returns [views·n, size, size, 1] in 0–1; the caller disposes it
   */
  views(indices: ArrayLike<number>, epoch: number): tf.Tensor4D;
  dispose(): void;
}

export function makeAugmenter(config: AugmentConfig, frames: GreyFrames, key: Omit<DrawKey, "epoch">): Augmenter {
  const { size } = frames;
  const noise = noiseField(key.seed, size);
  return {
    views: (indices, epoch) =>
      tf.tidy(() => {
        const rows = drawParameters(config, { ...key, epoch }, indices);
        return augmentBatch(batchOf(frames, indices), tf.tensor2d(rows, [key.views * indices.length, COLUMNS.length]), noise, size);
      }),
    dispose: () => noise.dispose(),
  };
}
