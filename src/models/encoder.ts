/** @file What an encoder is: data that describes it, and a pure function from images to a feature map. */
import { tf } from "../engine/tf.ts";
import type { EncoderConfig } from "../config/encoder.ts";
import type { ConvSpec, NormSpec } from "./layers.ts";
import type { NormMode, Params, ParamSpec } from "./network.ts";

/** A convolutional encoder of grey images. */
export interface Encoder {
  readonly config: EncoderConfig;
  readonly specs: readonly ParamSpec[];
  readonly norms: readonly NormSpec[];
  /** Convolutions, each with the input pixels that one cell of its output stands for. */
  readonly convs: readonly (ConvSpec & { pixelsPerCell: number })[];
  /** Channels of the last feature map, hence length of the pooled features. */
  readonly featureSize: number;
  /** x [n, h, w, 1] in 0–1 → [n, ⌈h/outputStride⌉, ⌈w/outputStride⌉, featureSize], after the last rectifier or norm. */
  featureMap(params: Params, x: tf.Tensor4D, mode: NormMode): tf.Tensor4D;
}

/** Global average pooling: [n, h, w, c] → [n, c]. */
export const pooled = (map: tf.Tensor4D): tf.Tensor2D => tf.mean(map, [1, 2]);
