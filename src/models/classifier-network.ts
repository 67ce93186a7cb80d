/** @file The classifier that fine-tuning trains: an encoder, global average pooling, and a linear head with one logit a class. */
import type { EncoderConfig } from "../config/encoder.ts";
import type { tf } from "../engine/tf.ts";
import { pooled, type Encoder } from "./encoder.ts";
import { linearHead } from "./linear-head.ts";
import type { NormMode, Params } from "./network.ts";
import { encoderOf } from "./registry.ts";
import type { WeightsShape } from "./weights.ts";

export interface ClassifierNetwork extends WeightsShape {
  encoder: Encoder;
  /** last feature map [n, h', w', c] → logits [n, k] */
  head(params: Params, map: tf.Tensor4D): tf.Tensor2D;
  /** x [n, h, w, 1] → logits [n, k] */
  logits(params: Params, x: tf.Tensor4D, mode: NormMode): tf.Tensor2D;
}

/** The encoder's parameters come first in the flat vector, so a pretrained encoder is copied to its start. */
export function classifierNetwork(config: EncoderConfig, classes: number): ClassifierNetwork {
  const encoder = encoderOf(config);
  const linear = linearHead({ from: encoder.featureSize, classes });
  const head = (params: Params, map: tf.Tensor4D) => linear.apply(params, pooled(map));
  return {
    encoder,
    specs: [...encoder.specs, ...linear.specs],
    norms: encoder.norms,
    head,
    logits: (params, x, mode) => head(params, encoder.featureMap(params, x, mode)),
  };
}
