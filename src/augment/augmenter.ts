/** @file Views of a batch, seeded per image, epoch and view; holds the noise strip that all views read. */
import type { AugmentConfig, ViewConfig } from "../config/augment.ts";
import { tf } from "../engine/tf.ts";
import { range } from "../util/rng.ts";
import { augmentBatch, stepsOf } from "./apply.ts";
import { batchOf, type GreyFrames } from "./batch.ts";
import { insideBoxes, type InsideFrames } from "./inside.ts";
import { noiseStrip } from "./noise.ts";
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
   * @returns images [n or, with `sourceOf`, v·n, size, size, 1], noise, parameters [v·n, p] of each group, and where something can be erased its mask, shaped like the images
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
  /**
   * The image that a global view of an image is made of, where it is not always that image itself: another frame of its clip, say. Local
   * views are made of the image that view 0 is made of.
   */
  sourceOf?: ((image: number, view: number, epoch: number) => number) | undefined;
}

/** @throws RangeError where crops must stay inside, and `frames` do not say where that is */
export function makeAugmenter(config: AugmentConfig, frames: AugmentFrames, key: AugmenterKey): Augmenter {
  const groups = groupsOf(config, frames.size, key.views);
  const noise = noiseStrip(key.seed, frames.size, config.speckleGrain);
  const boxOf = insideBoxes(frames);
  const erases = frames.drawnOf !== undefined && groups.some(({ views }) => stepsOf(views).erase);

  /** The images that each global view is made of, [v][n]; one row where all are made of the same. */
  function sourcesOf(indices: ArrayLike<number>, epoch: number): ArrayLike<number>[] {
    const { sourceOf } = key;
    return sourceOf ? range(key.views).map((view) => Array.from(indices, (image) => sourceOf(image, view, epoch))) : [indices];
  }

  function inputs(indices: ArrayLike<number>, epoch: number): tf.Tensor[] {
    const n = indices.length;
    const sources = sourcesOf(indices, epoch);
    const parameters = groups.map(({ views }, g) => {
      const draw = (images: ArrayLike<number>, own: readonly ViewConfig[], first: number) =>
        drawParameters({ ...key, epoch }, images, { views: own, first, boxOf });
      const rows =
        g === 0 && sources.length > 1
          ? views.map((view, v) => draw(sources[v], [view], v))
          : [draw(sources[0], views, g === 0 ? 0 : groups[0].views.length)];
      return tf.tensor2d(joined(rows), [views.length * n, COLUMNS.length]);
    });
    const { size } = frames;
    const images = sources.flatMap((each) => Array.from(each));
    const drawn = erases ? [tf.tensor4d(Float32Array.from(frames.drawnOf!(images)), [images.length, size, size, 1])] : [];
    return [batchOf(frames, images), noise.clone(), ...parameters, ...drawn];
  }

  const apply = ([images, strip, ...rest]: readonly tf.Tensor[], wanted = groups): tf.Tensor4D[] =>
    wanted.map(({ size, views }, g) => {
      const parameters = rest[g] as tf.Tensor2D;
      // a local view needs only the images of view 0, which come first
      const own = (all: tf.Tensor): tf.Tensor4D =>
        g === 0 ? (all as tf.Tensor4D) : tf.slice(all as tf.Tensor4D, 0, parameters.shape[0] / views.length);
      return augmentBatch(own(images), parameters, {
        size,
        steps: stepsOf(views),
        blurWidth: config.blurWidth,
        noise: strip as tf.Tensor2D,
        ...(erases ? { drawn: own(rest[groups.length]) } : {}),
      });
    });

  return {
    groups,
    inputs,
    apply: (tensors) => apply(tensors),
    viewsBySize: (indices, epoch) => tf.tidy(() => apply(inputs(indices, epoch))),
    views: (indices, epoch) => tf.tidy(() => apply(inputs(indices, epoch), groups.slice(0, 1))[0]),
    dispose: () => noise.dispose(),
  };
}

function joined([first, ...others]: readonly Float32Array[]): Float32Array {
  return others.length === 0 ? first : Float32Array.from([first, ...others].flatMap((rows) => Array.from(rows)));
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
