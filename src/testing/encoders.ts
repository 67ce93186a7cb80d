/** @file Encoders with random parameters and images, for tests. */
import type { EncoderConfig } from "../config/encoder.ts";
import { tf } from "../engine/tf.ts";
import { initialise, unflatten, type NormMode, type NormStatistics } from "../models/network.ts";
import { encoderOf } from "../models/registry.ts";
import { rngOf } from "../util/rng.ts";

/** Random images [n, side, side, 1] in 0–1, the same ones every time. */
export const images = (n: number, side = 16) => tf.randomUniform<tf.Rank.R4>([n, side, side, 1], 0, 1, "float32", 5);

/** Initial parameters; `jitter` adds noise, so that branches that start at scale 0 pass something on. */
export function startOf(config: EncoderConfig, jitter = 0): Float32Array {
  const flat = initialise(encoderOf(config).specs, (name) => rngOf(3, name));
  const rng = rngOf(4, "jitter");
  return flat.map((value) => value + jitter * rng.normal());
}

/** Feature map of images `x` [n, h, w, 1] under parameters `flat` [p]. */
export const features = (config: EncoderConfig, flat: tf.Tensor, x: tf.Tensor, mode: NormMode = { kind: "batch" }) =>
  encoderOf(config).featureMap(unflatten(flat as tf.Tensor1D, encoderOf(config).specs), x as tf.Tensor4D, mode);

/** A scalar that every output takes part in, with its own weight. */
export const score = (map: tf.Tensor4D): tf.Scalar =>
  tf.mean(tf.mul(tf.square(map), tf.randomNormal(map.shape, 0, 1, "float32", 6))).asScalar();

/** Mean 0 and variance 1 for every norm. */
export const unitStatistics = (config: EncoderConfig): Map<string, NormStatistics> =>
  new Map(
    encoderOf(config).norms.map(({ name, channels }) => [
      name,
      { mean: new Float32Array(channels), variance: new Float32Array(channels).fill(1) },
    ]),
  );
