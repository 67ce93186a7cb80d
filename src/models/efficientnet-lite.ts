/**
 * @file EfficientNet-Lite0 for grey images: inverted bottlenecks with depthwise convolutions and capped rectifiers. At width 16 and output
 * stride 32 it is the published network, so weights that were trained on ImageNet give their own logits (src/models/imagenet/).
 * Reference: Tan & Le 2019, EfficientNet, arXiv 1905.11946, table 1, without squeeze-and-excitation and with ReLU6: "Lite" in the
 * authors' code (github.com/tensorflow/tpu, models/official/efficientnet/lite). Blocks: Sandler et al. 2018, arXiv 1801.04381, table 1.
 * Departures: one channel instead of three equal ones (their kernels add up to one); widths other than 16 scale every layer, stem and
 * last one too, unrounded; no stochastic depth and no dropout; weights start by fan-in (He). At output strides 8 and 16 the last stages
 * keep their input's resolution, without dilation, and strided convolutions but the last one pad on the other side, so that a cell
 * lies within half a pixel of what it sees. At 32, as published, what a cell sees lies 15.5 px right and down of it.
 */
import type { EncoderConfig } from "../config/encoder.ts";
import { relu6 } from "../engine/relu.ts";
import { tf } from "../engine/tf.ts";
import type { Encoder } from "./encoder.ts";
import type { ConvSpec } from "./layers.ts";
import type { NormMode, Params } from "./network.ts";
import { applyNormedConv, normedConvParams, type NormedConv } from "./normed-conv.ts";

/** A stage of Lite0 at width 16: the first block has the stride; `expansion` widens inside a block. */
interface Stage {
  blocks: number;
  size: number;
  stride: number;
  expansion: number;
  channels: number;
}

const STAGES: readonly Stage[] = [
  { blocks: 1, size: 3, stride: 1, expansion: 1, channels: 16 },
  { blocks: 2, size: 3, stride: 2, expansion: 6, channels: 24 },
  { blocks: 2, size: 5, stride: 2, expansion: 6, channels: 40 },
  { blocks: 3, size: 3, stride: 2, expansion: 6, channels: 80 },
  { blocks: 3, size: 5, stride: 1, expansion: 6, channels: 112 },
  { blocks: 4, size: 5, stride: 2, expansion: 6, channels: 192 },
  { blocks: 1, size: 3, stride: 1, expansion: 6, channels: 320 },
];
const STEM_CHANNELS = 32;
const LAST_CHANNELS = 1280;
/** Width and output stride as published. */
export const PUBLISHED = { width: 16, outputStride: 32 } as const;

/** Added to variances; the value of the authors' code. */
const NORM_EPSILON = 1e-3;

/** The authors' pixels are (v - 127)/128 for v in 0–255, in each colour: ours, from 0–1, are scaled as theirs, then padded with zeros. */
const PIXEL = { scale: 255 / 128, shift: -127 / 128 };

/** Rectified but for the last, `project`; with a shortcut where the shape stays. */
interface Block {
  branch: readonly NormedConv[];
  shortcut: boolean;
}

/** The encoder that `config` describes. */
export function efficientnetLite(config: EncoderConfig & { name: "efficientnet-lite0" }): Encoder {
  const { stem, blocks, last } = planNetwork(config);
  const layers = [stem, ...blocks.flatMap(({ branch }) => branch), last];
  let pixelsPerCell = 1;
  return {
    config,
    specs: layers.flatMap((layer) => normedConvParams(layer)),
    norms: layers.map(({ norm }) => norm),
    convs: layers.map(({ conv }) => ({ ...conv, pixelsPerCell: (pixelsPerCell *= conv.stride) })),
    featureSize: last.conv.to,
    featureMap: (params, x, mode) =>
      tf.tidy(() => {
        const pixels: tf.Tensor4D = tf.add(tf.mul(x, PIXEL.scale), PIXEL.shift);
        let y = relu6(applyNormedConv(params, stem, pixels, mode));
        for (const block of blocks) y = applyBlock(params, block, y, mode);
        return relu6(applyNormedConv(params, last, y, mode));
      }),
  };
}

function planNetwork({ width, outputStride }: EncoderConfig): { stem: NormedConv; blocks: Block[]; last: NormedConv } {
  const scaled = (channels: number) => Math.round((channels * width) / PUBLISHED.width);
  let pixelsPerCell = 1;
  /** The stride that is left to take, and the side of the padding that goes with it. */
  const strided = (stride: number): Pick<ConvSpec, "stride" | "oddPadFirst"> => {
    if (stride === 1 || pixelsPerCell === outputStride) return { stride: 1 };
    pixelsPerCell *= stride;
    return outputStride < PUBLISHED.outputStride && pixelsPerCell < outputStride ? { stride, oddPadFirst: true } : { stride };
  };
  const stem = normed({ name: "stem", size: 3, from: 1, to: scaled(STEM_CHANNELS), ...strided(2) });
  const blocks: Block[] = [];
  let from = stem.conv.to;
  STAGES.forEach(({ blocks: count, size, stride, expansion, channels }, stage) => {
    for (let i = 0; i < count; i++) {
      const [name, to, inner] = [`stage${stage + 1}.block${i + 1}`, scaled(channels), expansion * from];
      const expand = normed({ name: `${name}.expand`, size: 1, from, to: inner, stride: 1 });
      const depthwise = normed({
        ...{ name: `${name}.depthwise`, size, from: inner, to: inner, depthwise: true },
        ...strided(i === 0 ? stride : 1),
      });
      const project = normed({ name: `${name}.project`, size: 1, from: inner, to, stride: 1 });
      blocks.push({ branch: [...(expansion > 1 ? [expand] : []), depthwise, project], shortcut: i > 0 });
      from = to;
    }
  });
  return { stem, blocks, last: normed({ name: "last", size: 1, from, to: scaled(LAST_CHANNELS), stride: 1 }) };
}

const normed = (conv: ConvSpec): NormedConv => ({
  conv,
  norm: { name: `${conv.name}.norm`, channels: conv.to, epsilon: NORM_EPSILON },
});

function applyBlock(params: Params, { branch, shortcut }: Block, x: tf.Tensor4D, mode: NormMode): tf.Tensor4D {
  const residual = branch.reduce((y, layer, i) => applyNormedConv(params, layer, i > 0 ? relu6(y) : y, mode), x);
  return shortcut ? tf.add(residual, x) : residual;
}
