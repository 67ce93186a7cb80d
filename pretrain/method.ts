/** @file What a self-supervised method is: parameters beside the encoder's, and a loss of its views. */
import type { tf } from "../src/engine/tf.ts";
import type { Encoder } from "../src/models/encoder.ts";
import type { ParamSpec, Params } from "../src/models/network.ts";

export interface Method {
  readonly viewsPerImage: number;
  /** the encoder's parameters first, then the method's own heads */
  readonly specs: readonly ParamSpec[];
  /**
   * The loss of one batch.
   * @param views augmented views [v·n, h, w, 1]: first view of every image, then the second …
   * @param groups index of each image's group [n], int32
   * @returns scalar in the caller's tidy
   */
  loss(params: Params, views: tf.Tensor4D, groups: tf.Tensor1D): tf.Scalar;
}

/** Builds a method from its config around an encoder. */
export type MethodFactory<Config> = (config: Config, encoder: Encoder) => Method;
