/**
 * @file ResNet-10, -18, -34 (basic blocks) and -50 (bottlenecks) for small grey images: NHWC, no pooling before the last feature map.
 * Reference: He et al. 2016, arXiv 1512.03385, §3.3, fig. 5 and table 1 (projection shortcuts, option B); the middle convolution of a
 * bottleneck has the stride (Goyal et al. 2017, arXiv 1706.02677, §5.1). ResNet-10 is ResNet-18 with one block a stage.
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
import type { NormMode, Params, ParamSpec } from "./network.ts";
import { applyNormedConv, normedConv, normedConvParams, STAGE_STRIDES, type NormedConv } from "./normed-conv.ts";

/** What one of the family is built of. */
interface Plan {
  /** Blocks of each stage. */
  blocks: readonly number[];
  bottleneck: boolean;
}

const PLANS = {
  resnet10: { blocks: [1, 1, 1, 1], bottleneck: false },
  resnet18: { blocks: [2, 2, 2, 2], bottleneck: false },
  resnet34: { blocks: [3, 4, 6, 3], bottleneck: false },
  resnet50: { blocks: [3, 4, 6, 3], bottleneck: true },
} satisfies Partial<Record<EncoderConfig["name"], Plan>>;

/** Output channels of a bottleneck, as a multiple of its inner ones. */
const EXPANSION = 4;

/** `relu(branch(x) + shortcut(x))`; no shortcut convolution where the shape stays, a mean before it where it shrinks. */
interface Block {
  /** Rectified in between, not after the last. */
  branch: readonly NormedConv[];
  shortcut?: NormedConv;
  shrinks: boolean;
}

/** The encoder that `config` describes. */
export function resnet(config: EncoderConfig & { name: keyof typeof PLANS }): Encoder {
  const plan = PLANS[config.name];
  const stem = normedConv("stem", 3, 1, config.width, 2);
  const blocks = planBlocks(config, plan);
  const layers = [stem, ...blocks.flatMap((block) => layersOf(block))];
  return {
    config,
    specs: [...normedConvParams(stem), ...blocks.flatMap(blockParams)],
    norms: layers.map((layer) => layer.norm),
    convs: withScale(stem, blocks),
    featureSize: config.width * 8 * (plan.bottleneck ? EXPANSION : 1),
    featureMap: (params, x, mode) =>
      tf.tidy(() => {
        let y = relu(applyNormedConv(params, stem, x, mode));
        for (const block of blocks) y = applyBlock(params, block, y, mode);
        return y;
      }),
  };
}

function planBlocks({ width, outputStride }: EncoderConfig, { blocks: counts, bottleneck }: Plan): Block[] {
  const blocks: Block[] = [];
  let from = width;
  counts.forEach((count, stage) => {
    const inner = width << stage;
    const to = bottleneck ? EXPANSION * inner : inner;
    for (let i = 0; i < count; i++) {
      const prefix = `stage${stage + 1}.block${i + 1}`;
      const stride = i === 0 ? STAGE_STRIDES[outputStride][stage] : 1;
      blocks.push({
        branch: bottleneck
          ? [
              normedConv(`${prefix}.first`, 1, from, inner, 1),
              normedConv(`${prefix}.second`, 3, inner, inner, stride),
              normedConv(`${prefix}.third`, 1, inner, to, 1),
            ]
          : [normedConv(`${prefix}.first`, 3, from, to, stride), normedConv(`${prefix}.second`, 3, to, to, 1)],
        ...(stride > 1 || from !== to ? { shortcut: normedConv(`${prefix}.shortcut`, 1, from, to, 1) } : {}),
        shrinks: stride > 1,
      });
      from = to;
    }
  });
  return blocks;
}

const layersOf = ({ branch, shortcut }: Block): readonly NormedConv[] => (shortcut ? [...branch, shortcut] : branch);

/** The last norm of a residual branch starts at scale 0, so that every block starts as its shortcut: Goyal et al. 2017, arXiv 1706.02677, §5.1. */
const blockParams = ({ branch, shortcut }: Block): ParamSpec[] => [
  ...branch.flatMap((layer, i) => normedConvParams(layer, i === branch.length - 1 ? 0 : 1)),
  ...(shortcut ? normedConvParams(shortcut) : []),
];

function withScale(stem: NormedConv, blocks: Block[]): Encoder["convs"] {
  let pixelsPerCell = stem.conv.stride;
  const scaled = ({ conv }: NormedConv) => ({ ...conv, pixelsPerCell: (pixelsPerCell *= conv.stride) });
  return [
    { ...stem.conv, pixelsPerCell },
    ...blocks.flatMap(layersOf).map(scaled), // a shortcut comes last, has no stride, and lies after the mean
  ];
}

function applyBlock(params: Params, { branch, shortcut, shrinks }: Block, x: tf.Tensor4D, mode: NormMode): tf.Tensor4D {
  const residual = branch.reduce((y, layer, i) => applyNormedConv(params, layer, i > 0 ? relu(y) : y, mode), x);
  const near = shrinks ? averagePool(x) : x;
  return relu(tf.add(residual, shortcut ? applyNormedConv(params, shortcut, near, mode) : near));
}
