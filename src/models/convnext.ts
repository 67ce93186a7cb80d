/**
 * @file ConvNeXt for small grey images: depthwise 7 × 7, layer norm, and an inverted bottleneck with GELU in every block; no pooling.
 * Reference: Liu et al. 2022, A ConvNet for the 2020s, arXiv 2201.03545, §2 and fig. 4 (Tiny: table 9); Atto's depths: Woo et al. 2023,
 * ConvNeXt V2, arXiv 2301.00808, appendix A. Layer scale: Touvron et al. 2021, arXiv 2103.17239, eq. 4.
 * Departures: the last norm comes before the pooling, so that the feature map is what the head reads; weights start by fan-in (He)
 * instead of N(0, 0.02²), which fits width 96 only; no stochastic depth; where a stage keeps its resolution (output strides under 32),
 * the convolution between stages is 1 × 1. Kernels that shrink are as wide as their stride, so that cells never overlap or shift.
 */
import type { EncoderConfig } from "../config/encoder.ts";
import { tf } from "../engine/tf.ts";
import type { Encoder } from "./encoder.ts";
import { conv, convParams, gelu, layerNorm, normParams, type ConvSpec, type NormSpec } from "./layers.ts";
import { param, type Params, type ParamSpec } from "./network.ts";

/** Blocks of each stage. */
const BLOCKS = { "convnext-atto": [2, 2, 6, 2], "convnext-tiny": [3, 3, 9, 3] } satisfies Partial<Record<EncoderConfig["name"], number[]>>;

/** Strides of the four stages; the stem has another 4. */
const STRIDES: Record<EncoderConfig["outputStride"], readonly number[]> = { 8: [1, 2, 1, 1], 16: [1, 2, 2, 1], 32: [1, 2, 2, 2] };

/** Hidden channels of a block, as a multiple of its channels. */
const EXPANSION = 4;

/** A block's branch starts that small, so that the network starts near its shortcuts. */
const LAYER_SCALE = 1e-6;

interface Layer {
  specs: readonly ParamSpec[];
  convs: readonly ConvSpec[];
  apply(params: Params, x: tf.Tensor4D): tf.Tensor4D;
}

/** The encoder that `config` describes; it has no batch norms, so its modes do not differ. */
export function convnext(config: EncoderConfig & { name: keyof typeof BLOCKS }): Encoder {
  const { name, width, outputStride } = config;
  const strides = STRIDES[outputStride];
  const last: NormSpec = { name: "last.norm", channels: width * 8 };
  const layers = [
    stem(width),
    ...BLOCKS[name].flatMap((count, stage) => [
      ...(stage > 0 ? [between(`stage${stage + 1}.entry`, width << (stage - 1), strides[stage])] : []),
      ...Array.from({ length: count }, (_, i) => block(`stage${stage + 1}.block${i + 1}`, width << stage)),
    ]),
  ];
  let pixelsPerCell = 1;
  return {
    config,
    specs: [...layers.flatMap(({ specs }) => specs), ...normParams(last)],
    norms: [],
    convs: layers.flatMap(({ convs }) => convs).map((spec) => ({ ...spec, pixelsPerCell: (pixelsPerCell *= spec.stride) })),
    featureSize: last.channels,
    featureMap: (params, x) =>
      tf.tidy(() =>
        layerNorm(
          params,
          last,
          layers.reduce((y, layer) => layer.apply(params, y), x),
        ),
      ),
  };
}

/** Patches of 4 × 4 pixels, then a norm. */
function stem(width: number): Layer {
  const patches: ConvSpec = { name: "stem", size: 4, from: 1, to: width, stride: 4, bias: true };
  const norm: NormSpec = { name: "stem.norm", channels: width };
  return {
    specs: [...convParams(patches), ...normParams(norm)],
    convs: [patches],
    apply: (params, x) => layerNorm(params, norm, conv(params, patches, x)),
  };
}

/** A norm, then a convolution that doubles the channels. */
function between(name: string, from: number, stride: number): Layer {
  const doubling: ConvSpec = { name, size: stride, from, to: 2 * from, stride, bias: true };
  const norm: NormSpec = { name: `${name}.norm`, channels: from };
  return {
    specs: [...normParams(norm), ...convParams(doubling)],
    convs: [doubling],
    apply: (params, x) => conv(params, doubling, layerNorm(params, norm, x)),
  };
}

/** `x + scale·reduce(gelu(expand(norm(depthwise(x)))))`. */
function block(name: string, channels: number): Layer {
  const hidden = EXPANSION * channels;
  const depthwise: ConvSpec = { name: `${name}.depthwise`, size: 7, from: channels, to: channels, stride: 1, bias: true, depthwise: true };
  const norm: NormSpec = { name: `${name}.norm`, channels };
  const expand: ConvSpec = { name: `${name}.expand`, size: 1, from: channels, to: hidden, stride: 1, bias: true };
  const reduce: ConvSpec = { name: `${name}.reduce`, size: 1, from: hidden, to: channels, stride: 1, bias: true };
  const scale: ParamSpec = {
    name: `${name}.reduce.scale`,
    shape: [channels],
    decay: false,
    init: (_, values) => void values.fill(LAYER_SCALE),
  };
  return {
    specs: [...convParams(depthwise), ...normParams(norm), ...convParams(expand), ...convParams(reduce), scale],
    convs: [depthwise, expand, reduce],
    apply(params, x) {
      const normal = layerNorm(params, norm, conv(params, depthwise, x));
      const branch = conv(params, reduce, gelu(conv(params, expand, normal)));
      return tf.add(x, tf.mul(branch, param<tf.Tensor1D>(params, scale.name)));
    },
  };
}
