/**
 * @file Learning rates by depth: the nearer a layer is to the image, the more general is what it has learnt, and the less it should move.
 * Reference: Clark et al. 2020 (ELECTRA), arXiv 2003.10555, whose code takes one power too many (google-research/electra#51 says what was meant: the
 * head has the full rate, each layer a share of that of the one above it); as meant in Bao et al. 2022 (BEiT), arXiv 2106.08254, beit/optim_factory.py.
 */
import type { EncoderConfig } from "../../src/config/encoder.ts";
import type { FinetuneConfig } from "../../src/config/finetune.ts";
import type { Encoder } from "../../src/models/encoder.ts";
import { sizeOf, sizesOf, type ParamSpec } from "../../src/models/network.ts";

const STAGES = /^(stem|stage\d+)\b/;
const BLOCKS = /^(stem|stage\d+\.block\d+|last)\b/;

/** What of a parameter's name says which layers it belongs to: a stage, or a block where stages are many and short. */
const LAYERS: Record<EncoderConfig["name"], RegExp> = {
  resnet10: STAGES,
  resnet18: STAGES,
  resnet34: STAGES,
  resnet50: STAGES,
  "convnext-atto": STAGES,
  "convnext-tiny": STAGES,
  cnn: STAGES,
  "efficientnet-lite0": BLOCKS,
};

/** Depth of each parameter from the head, whose own is 0: 1 for the last stage or block; [specs]. What follows a stage (a last norm) is one with it. */
export function layerDepths({ config, specs }: Pick<Encoder, "config" | "specs">): number[] {
  const layers: string[] = [];
  const place = specs.map(({ name }) => {
    const layer = LAYERS[config.name].exec(name)?.[1] ?? layers.at(-1);
    if (layer === undefined) throw new RangeError(`layerDepths: the first parameter must be of the stem or a stage, got ${name}`);
    if (!layers.includes(layer)) layers.push(layer);
    return layers.indexOf(layer);
  });
  return place.map((at) => layers.length - at);
}

/**
 * Factors on the learning rate, [p]: `layerDecay^depth` in the encoder, `headRate` in what comes after it.
 * @param specs of everything that is trained, the encoder's first
 */
export function rateFactors(
  encoder: Encoder,
  specs: readonly ParamSpec[],
  { headRate, layerDecay }: Pick<FinetuneConfig, "headRate" | "layerDecay">,
): Float32Array {
  const factors = new Float32Array(sizeOf(specs)).fill(headRate);
  const depths = layerDepths(encoder);
  let at = 0;
  sizesOf(encoder.specs).forEach((size, i) => factors.fill(layerDecay ** depths[i], at, (at += size)));
  return factors;
}
