/** @file Views of a batch, seeded per image, epoch and view; holds the noise field that all views read. */
import type { AugmentConfig, ViewConfig } from "../config/augment.ts";
import { tf } from "../engine/tf.ts";
import { range } from "../util/rng.ts";
import { augmentBatch, stepsOf } from "./apply.ts";
import { batchOf, type GreyFrames } from "./batch.ts";
import { insideBoxes, type InsideFrames } from "./inside.ts";
import { noiseField } from "./noise.ts";
import { COLUMNS, drawParameters, type DrawKey } from "./parameters.ts";

/** Frames that may say more about each image than its grey levels. */
export type AugmentFrames = GreyFrames &
  InsideFrames & {
    /** 1 on what was drawn into each of `images` (calipers, text), [n, size, size]. */
    drawnOf?(images: ArrayLike<number>): Uint8Array;
  };

/** Views of one size. */
export interface ViewGroup {
  /** side in pixels */
  readonly size: number;
  /** settings of each view of an image, [v] */
  readonly views: readonly ViewConfig[];
}

export interface Augmenter {
  /** The global views, then, where there are any, the local ones. */
  readonly groups: readonly ViewGroup[];
  /**
   * What `apply` needs of one batch: tensors of fixed shapes, made without TensorFlow ops. The caller disposes them.
   * @returns images [n, size, size, 1], noise, parameters [v·n, p] of each group, and where something can be erased its mask [n, size, size, 1]
   */
  inputs(indices: ArrayLike<number>, epoch: number): tf.Tensor[];
  /**
   * The views, a pure function of `inputs` that a graph can record.
   * @returns for each group [v·n, side, side, 1] in 0–1: view 0 of each image, then view 1, …; they belong to the caller's tidy
   */
  apply(inputs: readonly tf.Tensor[]): tf.Tensor4D[];
  /** `apply` of `inputs`; the caller disposes the views. */
  viewsBySize(indices: ArrayLike<number>, epoch: number): tf.Tensor4D[];
  /** The global views alone, [views·n, size, size, 1] in 0–1; the caller disposes them. */
  views(indices: ArrayLike<number>, epoch: number): tf.Tensor4D;
  dispose(): void;
}

/** What an augmenter draws from, and how many global views it makes of an image. */
export interface AugmenterKey extends Omit<DrawKey, "epoch"> {
  views: number;
}

/** @throws RangeError where crops must stay inside, and `frames` do not say where that is */
export function makeAugmenter(config: AugmentConfig, frames: AugmentFrames, key: AugmenterKey): Augmenter {
  const groups = groupsOf(config, frames.size, key.views);
  const noise = noiseField(key.seed, frames.size, config.speckleGrain);
  const boxOf = insideBoxes(frames);
  const erases = frames.drawnOf !== undefined && groups.some(({ views }) => stepsOf(views).erase);

  function inputs(indices: ArrayLike<number>, epoch: number): tf.Tensor[] {
    const n = indices.length;
    const parameters = groups.map(({ views }, g) => {
      const first = g === 0 ? 0 : groups[0].views.length;
      const rows = drawParameters({ ...key, epoch }, indices, { views, first, boxOf });
      return tf.tensor2d(rows, [views.length * n, COLUMNS.length]);
    });
    const { size } = frames;
    const drawn = erases ? [tf.tensor4d(Float32Array.from(frames.drawnOf!(indices)), [n, size, size, 1])] : [];
    return [batchOf(frames, indices), noise.clone(), ...parameters, ...drawn];
  }

  const apply = ([images, field, ...rest]: readonly tf.Tensor[], wanted = groups): tf.Tensor4D[] =>
    wanted.map(({ size, views }, g) =>
      augmentBatch(images as tf.Tensor4D, rest[g] as tf.Tensor2D, {
        size,
        steps: stepsOf(views),
        blurWidth: config.blurWidth,
        noise: field as tf.Tensor4D,
        ...(erases ? { drawn: rest[groups.length] as tf.Tensor4D } : {}),
      }),
    );

  return {
    groups,
    inputs,
    apply: (tensors) => apply(tensors),
    viewsBySize: (indices, epoch) => tf.tidy(() => apply(inputs(indices, epoch))),
    views: (indices, epoch) => tf.tidy(() => apply(inputs(indices, epoch), groups.slice(0, 1))[0]),
    dispose: () => noise.dispose(),
  };
}

function groupsOf(config: AugmentConfig, size: number, views: number): ViewGroup[] {
  const { count, size: share, settings } = config.local;
  const global = { size, views: range(views).map((v) => merged(config, config.perView[v])) };
  const local = { size: Math.max(1, Math.round(share * size)), views: range(count).map(() => merged(config, settings)) };
  return count > 0 ? [global, local] : [global];
}

/** Settings with what differs; an override that is undefined is none. */
function merged(config: ViewConfig, overrides: { [K in keyof ViewConfig]?: ViewConfig[K] | undefined } = {}): ViewConfig {
  return { ...config, ...Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)) };
}
