/**
 * @file A plain CNN, the baseline that shows what shortcuts are worth: the 3 × 3 convolutions of ResNet-10 one after another, each with
 * batch norm and rectifier.
 * Reference: the plain networks of He et al. 2016, arXiv 1512.03385, §3.3 and fig. 3 (middle).
 * Departure: a stage that shrinks its map averages 2 × 2 pixels first. A strided 3 × 3 convolution sees half a pixel too far right and
 * down; without shortcuts that are centred these halves add up over the stages, and saliency lies beside its cell.
 */
import type { EncoderConfig } from "../config/encoder.ts";
import { averagePool } from "../engine/average-pool.ts";
import { relu } from "../engine/relu.ts";
import { tf } from "../engine/tf.ts";
import type { Encoder } from "./encoder.ts";
import { applyNormedConv, normedConv, normedConvParams, STAGE_STRIDES, type NormedConv } from "./normed-conv.ts";

/** A convolution, with a mean before it where it begins a stage that shrinks. */
interface Layer extends NormedConv {
  shrinks: boolean;
  pixelsPerCell: number;
}

/** The encoder that `config` describes. */
export function cnn(config: EncoderConfig): Encoder {
  const layers = planLayers(config);
  return {
    config,
    specs: layers.flatMap((layer) => normedConvParams(layer)),
    norms: layers.map((layer) => layer.norm),
    convs: layers.map(({ conv, pixelsPerCell }) => ({ ...conv, pixelsPerCell })),
    featureSize: config.width * 8,
    featureMap: (params, x, mode) =>
      tf.tidy(() => layers.reduce((y, layer) => relu(applyNormedConv(params, layer, layer.shrinks ? averagePool(y) : y, mode)), x)),
  };
}

function planLayers({ width, outputStride }: EncoderConfig): Layer[] {
  const stem = normedConv("stem", 3, 1, width, 2);
  let pixelsPerCell = stem.conv.stride;
  const stages = STAGE_STRIDES[outputStride].flatMap((stride, stage): Layer[] => {
    pixelsPerCell *= stride;
    const to = width << stage;
    return [
      { ...normedConv(`stage${stage + 1}.first`, 3, stage === 0 ? width : to / 2, to, 1), shrinks: stride > 1, pixelsPerCell },
      { ...normedConv(`stage${stage + 1}.second`, 3, to, to, 1), shrinks: false, pixelsPerCell },
    ];
  });
  return [{ ...stem, shrinks: false, pixelsPerCell: stem.conv.stride }, ...stages];
}
