/**
 * @file A plain CNN, the baseline that shows what shortcuts are worth: the 3 × 3 convolutions of ResNet-10 one after another, each with
 * batch norm and rectifier.
 * Reference: the plain networks of He et al. 2016, arXiv 1512.03385, §3.3 and fig. 3 (middle).
 */
import type { EncoderConfig } from "../config/encoder.ts";
import { relu } from "../engine/relu.ts";
import { tf } from "../engine/tf.ts";
import type { Encoder } from "./encoder.ts";
import { applyNormedConv, normedConv, normedConvParams, STAGE_STRIDES } from "./normed-conv.ts";

/** The encoder that `config` describes. */
export function cnn(config: EncoderConfig): Encoder {
  const { width, outputStride } = config;
  const layers = [
    normedConv("stem", 3, 1, width, 2),
    ...STAGE_STRIDES[outputStride].flatMap((stride, stage) => {
      const to = width << stage;
      return [
        normedConv(`stage${stage + 1}.first`, 3, stage === 0 ? width : to / 2, to, stride),
        normedConv(`stage${stage + 1}.second`, 3, to, to, 1),
      ];
    }),
  ];
  let pixelsPerCell = 1;
  return {
    config,
    specs: layers.flatMap((layer) => normedConvParams(layer)),
    norms: layers.map((layer) => layer.norm),
    convs: layers.map(({ conv }) => ({ ...conv, pixelsPerCell: (pixelsPerCell *= conv.stride) })),
    featureSize: width * 8,
    featureMap: (params, x, mode) => tf.tidy(() => layers.reduce((y, layer) => relu(applyNormedConv(params, layer, y, mode)), x)),
  };
}
