/**
 * @file ResNet-10 and ResNet-18 for small grey images: basic blocks, NHWC, no pooling before the last feature map.
 * Reference: He et al. 2016, arXiv 1512.03385, §3.3 and table 1 (basic blocks; projection shortcuts, option B).
 * Departures: a 3 × 3 stem of stride 2 instead of 7 × 7, and a strided first block instead of the max pool (faster, and no
 * argmax between a pixel and its gradient); at output strides under 32 the last stages keep their input's resolution;
 * shortcuts that shrink average 2 × 2 pixels first (He et al. 2019, arXiv 1812.01187, §4.2, ResNet-D): a strided 1 × 1 convolution
 * reads the cell's upper left pixel alone, and shifts what the network sees by up to half a cell against the map.
 */
import type { EncoderConfig } from "../config/encoder.ts";
import { averagePool } from "../engine/average-pool.ts";
import { relu } from "../engine/relu.ts";
import { tf } from "../engine/tf.ts";
import type { Encoder } from "./encoder.ts";
import { conv, convParams, norm, normParams, type ConvSpec, type NormSpec } from "./layers.ts";
import type { NormMode, Params, ParamSpec } from "./network.ts";

const BLOCKS: Record<EncoderConfig["name"], readonly number[]> = { resnet10: [1, 1, 1, 1], resnet18: [2, 2, 2, 2] };

/** Strides of the four stages; the stem has another 2. */
const STRIDES: Record<EncoderConfig["outputStride"], readonly number[]> = { 8: [2, 2, 1, 1], 16: [2, 2, 2, 1], 32: [2, 2, 2, 2] };

interface NormedConv {
  conv: ConvSpec;
  norm: NormSpec;
}

/** `relu(second(relu(first(x))) + shortcut(x))`; no shortcut convolution where the shape stays, a mean before it where it shrinks. */
interface Block {
  first: NormedConv;
  second: NormedConv;
  shortcut?: NormedConv;
  shrinks: boolean;
}

/** The encoder that `config` describes. */
export function resnet(config: EncoderConfig): Encoder {
  const stem = normedConv("stem", 3, 1, config.width, 2);
  const blocks = planBlocks(config);
  const layers = [stem, ...blocks.flatMap((block) => layersOf(block))];
  return {
    config,
    specs: [...paramsOf(stem), ...blocks.flatMap(blockParams)],
    norms: layers.map((layer) => layer.norm),
    convs: withScale(stem, blocks),
    featureSize: config.width * 8,
    featureMap: (params, x, mode) =>
      tf.tidy(() => {
        let y = relu(apply(params, stem, x, mode));
        for (const block of blocks) y = applyBlock(params, block, y, mode);
        return y;
      }),
  };
}

function planBlocks({ name, width, outputStride }: EncoderConfig): Block[] {
  const blocks: Block[] = [];
  let from = width;
  BLOCKS[name].forEach((count, stage) => {
    const to = width << stage;
    for (let i = 0; i < count; i++) {
      const prefix = `stage${stage + 1}.block${i + 1}`;
      const stride = i === 0 ? STRIDES[outputStride][stage] : 1;
      blocks.push({
        first: normedConv(`${prefix}.first`, 3, from, to, stride),
        second: normedConv(`${prefix}.second`, 3, to, to, 1),
        ...(stride > 1 || from !== to ? { shortcut: normedConv(`${prefix}.shortcut`, 1, from, to, 1) } : {}),
        shrinks: stride > 1,
      });
      from = to;
    }
  });
  return blocks;
}

function normedConv(name: string, size: number, from: number, to: number, stride: number): NormedConv {
  return { conv: { name, size, from, to, stride }, norm: { name: `${name}.norm`, channels: to } };
}

const layersOf = ({ first, second, shortcut }: Block): NormedConv[] => (shortcut ? [first, second, shortcut] : [first, second]);

const paramsOf = (layer: NormedConv, scale = 1): ParamSpec[] => [...convParams(layer.conv), ...normParams(layer.norm, scale)];

/** The last norm of a residual branch starts at scale 0, so that every block starts as its shortcut: Goyal et al. 2017, arXiv 1706.02677, §5.1. */
const blockParams = ({ first, second, shortcut }: Block): ParamSpec[] => [
  ...paramsOf(first),
  ...paramsOf(second, 0),
  ...(shortcut ? paramsOf(shortcut) : []),
];

function withScale(stem: NormedConv, blocks: Block[]): Encoder["convs"] {
  let pixelsPerCell = stem.conv.stride;
  return [
    { ...stem.conv, pixelsPerCell },
    ...blocks.flatMap((block) => {
      pixelsPerCell *= block.first.conv.stride;
      return layersOf(block).map((layer) => ({ ...layer.conv, pixelsPerCell }));
    }),
  ];
}

const apply = (params: Params, layer: NormedConv, x: tf.Tensor4D, mode: NormMode): tf.Tensor4D =>
  norm(params, layer.norm, conv(params, layer.conv, x), mode);

function applyBlock(params: Params, { first, second, shortcut, shrinks }: Block, x: tf.Tensor4D, mode: NormMode): tf.Tensor4D {
  const residual = apply(params, second, relu(apply(params, first, x, mode)), mode);
  const near = shrinks ? averagePool(x) : x;
  return relu(tf.add(residual, shortcut ? apply(params, shortcut, near, mode) : near));
}
