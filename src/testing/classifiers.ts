/** @file Classifiers that nobody trained, with weights and statistics that leave no layer without effect, for tests and benches. */
import type { EncoderConfig } from "../config/encoder.ts";
import { tf } from "../engine/tf.ts";
import { classifierNetwork, type ClassifierNetwork } from "../models/classifier-network.ts";
import { initialise, unflatten } from "../models/network.ts";
import { encoderStatistics, fixedMode } from "../models/norm-statistics.ts";
import type { Weights } from "../models/weights.ts";
import { rngOf } from "../util/rng.ts";
import { texturePhantoms } from "./texture-phantoms.ts";

/** Initial weights with some noise, since residual branches start at 0, and statistics as far from 0 and 1 as trained ones are. */
export function randomClassifier(encoder: EncoderConfig, classes: number, seed = 1): { network: ClassifierNetwork; weights: Weights } {
  const network = classifierNetwork(encoder, classes);
  const rng = rngOf(seed, "classifier");
  const flat = initialise(network.specs, (name) => rngOf(seed, name)).map((value) => value + 0.02 * rng.normal());
  const drawn = (channels: number, draw: () => number) => Float32Array.from({ length: channels }, draw);
  const statistics = new Map(
    network.norms.map(({ name, channels }) => [
      name,
      { mean: drawn(channels, () => 0.3 * rng.normal()), variance: drawn(channels, () => 0.5 + rng.next()) },
    ]),
  );
  return { network, weights: { flat, statistics } };
}

/** {@link randomClassifier} with the statistics that its norms meet on phantoms, as fine-tuning would measure them. The engine must run. */
export function measuredClassifier(encoder: EncoderConfig, classes: number, size: number): ReturnType<typeof randomClassifier> {
  const { network, weights } = randomClassifier(encoder, classes);
  const n = 32;
  const x = tf.tensor4d(phantomImages(n, size, 3), [n, size, size, 1]); // disposed by those who measure
  return { network, weights: { ...weights, statistics: encoderStatistics(network.encoder, weights.flat, [x]) } };
}

/** Logits of `images` [n, size, size] by TensorFlow.js, [n, classes]. */
export function logitsByTensorflow(
  network: ClassifierNetwork,
  { flat, statistics }: Weights,
  images: Float32Array,
  size: number,
): Float32Array {
  const { mode, dispose } = fixedMode(statistics);
  try {
    return tf.tidy(() => {
      const x = tf.tensor4d(images, [images.length / size ** 2, size, size, 1]);
      return network.logits(unflatten(tf.tensor1d(flat), network.specs), x, mode).dataSync<"float32">();
    });
  } finally {
    dispose();
  }
}

/** `n` images in 0–1 that differ in brightness and texture, [n, size, size]. */
export const phantomImages = (n: number, size: number, seed = 2): Float32Array =>
  Float32Array.from(texturePhantoms({ seed, n, size }).pixels, (level) => level / 255);
