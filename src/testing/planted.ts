/** @file How a method is trained on texture phantoms, and what its frozen features must then be worth: the terms of the planted-structure proof. */
import { pretrainSchema, type PretrainConfig } from "../config/pretrain.ts";
import { encoderSchema } from "../config/encoder.ts";
import { initialise } from "../models/network.ts";
import { encoderOf } from "../models/registry.ts";
import { range, rngOf } from "../util/rng.ts";
import { frozenAccuracy } from "./frozen-knn.ts";
import { textureClasses, texturePhantoms } from "./texture-phantoms.ts";

/** What a trained encoder must be better by, in every seed: share of the held-out phantoms. */
export const MARGIN = 0.1;

export const plantedEncoder = encoderOf(encoderSchema.parse({ width: 8, outputStride: 16 }));

/**
 * Views differ in what phantoms differ in beside their class (gain, loss with depth, dips), and nearly keep their texture: crops magnify by
 * 1.3 at most where classes differ by a factor of 2, width and height alike; a blur would make speckle coarser, more speckle finer, so neither.
 */
const augment = {
  cropScale: [0.6, 1],
  gain: 0.3,
  gamma: 0,
  depthGain: 0.3,
  attenuation: 0.5,
  attenuationRate: [0, 0.5],
  shadow: 0.5,
  shadowStrength: [0.1, 0.5],
  shadowSize: [0.1, 0.25],
  speckle: 0,
  blur: 0,
} as const;

/** @param method as in a study; settings that are not given are the method's defaults */
export const plantedConfig = (method: { name: string }, over: { epochs: number; optimiser?: object }): PretrainConfig =>
  pretrainSchema.parse({ method, batchSize: 32, augment, ...over });

/** One seed of the proof: phantoms, first parameters and order are all of that seed. */
export function plantedSeed(seed: number, { images = 512, held = 256 } = {}) {
  const bank = texturePhantoms({ seed, n: images });
  const queries = texturePhantoms({ seed, n: held, first: images });
  const random = (...names: (string | number)[]) => rngOf(seed, "planted", ...names);
  /** Of held-out phantoms by frozen features; parameters [p], the encoder's first. */
  const accuracy = (flat: Float32Array): number => frozenAccuracy(plantedEncoder, flat, bank, queries, textureClasses.length);
  return {
    bank,
    queries,
    accuracy,
    /** where every training of this seed starts */
    untrained: () => accuracy(initialise(plantedEncoder.specs, (parameter) => random("initial", parameter))),
    /** what a training needs to know; each phantom is a group of its own */
    training: { seed, random, images: range(images), frames: bank, groups: Int32Array.from(range(images)) },
  };
}
