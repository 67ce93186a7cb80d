/** @file What a self-supervised method is: heads beside the encoder, a loss of its views, and what it keeps from update to update. */
import type { tf } from "../src/engine/tf.ts";
import type { Encoder } from "../src/models/encoder.ts";
import type { ParamSpec, Params } from "../src/models/network.ts";
import type { Moved, NamedTensors } from "../src/optim/learner.ts";
import type { Rng } from "../src/util/rng.ts";

/** One batch of n images, as a loss sees it. No gradient flows into `carried` and `scalars`. */
export interface Batch {
  params: Params;
  /** Global views [v·n, h, w, 1]: first view of every image, then the second …; then, where there are any, the local ones. */
  views: readonly tf.Tensor4D[];
  /** Each image's group (patient), int32 [n]. */
  groups: tf.Tensor1D;
  carried: NamedTensors;
  scalars: { [name: string]: tf.Scalar };
}

/** What a method makes of a batch; all belong to the caller's tidy. */
export interface Outcome {
  loss: tf.Scalar;
  /** What the loss compares, [2n, d]: first view of every image, then the second. Watched for collapse. */
  embeddings: tf.Tensor2D;
  /** What `after` takes up (new keys of a queue), and what else is watched: `scores` of prototypes [n, k]. */
  aux?: NamedTensors;
}

/** All functions of tensors are pure: they become one recorded graph (docs/decisions/012). What changes from update to update is a scalar. */
export interface Method {
  /** global views of an image */
  readonly viewsPerImage: number;
  /** whether it also takes small local views (multi-crop) */
  readonly localViews: boolean;
  /** the encoder's parameters first, then the method's own heads */
  readonly specs: readonly ParamSpec[];
  /** First values of what is kept beside the parameters; the caller disposes them. @param initial first parameters [p] */
  carried?(initial: Float32Array, random: (name: string) => Rng): NamedTensors;
  /** Numbers of update `step` of `steps`, by name: a moving average's share, a switch of 0 or 1. */
  scalars?(step: number, steps: number): Record<string, number>;
  loss(batch: Batch): Outcome;
  /** What follows the optimiser's update: an average moves, a queue takes rows in, prototypes are scaled. */
  after?(moved: Moved): { flat: tf.Tensor1D; carried: NamedTensors };
}

/** What a method is sized by. */
export interface Setting {
  /** images that are trained on */
  images: number;
  /** images a batch */
  batchSize: number;
  updatesPerEpoch: number;
}

/** Builds a method from its config around an encoder. @throws UserError where the setting cannot carry it */
export type MethodFactory<Config> = (config: Config, encoder: Encoder, setting: Setting) => Method;
