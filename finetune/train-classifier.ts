/** @file Trains an encoder and a linear head on labelled images, from whatever weights the encoder starts from. */
import { makeAugmenter, type AugmentFrames } from "../src/augment/augmenter.ts";
import { batchesOf, batchOf, type GreyFrames } from "../src/augment/batch.ts";
import type { FinetuneConfig } from "../src/config/finetune.ts";
import { tf } from "../src/engine/tf.ts";
import type { TrainedClassifier } from "../src/explain/trained-classifier.ts";
import { balancedWeights, crossEntropy } from "../src/losses/cross-entropy.ts";
import type { ClassifierNetwork } from "../src/models/classifier-network.ts";
import { decayMask, initialise, sizeOf, sizesOf, unflatten } from "../src/models/network.ts";
import { encoderStatistics } from "../src/models/norm-statistics.ts";
import type { Weights } from "../src/models/weights.ts";
import { epochBatches } from "../src/optim/batches.ts";
import { fit, type FitOptions } from "../src/optim/fit.ts";
import type { Rng } from "../src/util/rng.ts";

/** Images a batch where nothing is trained. */
const INFERENCE_BATCH = 64;

/** What a classifier is trained on, and who is told. */
export interface ClassifierTraining extends Pick<FitOptions, "task" | "images" | "nameOf" | "resume" | "report" | "endAfter"> {
  frames: AugmentFrames;
  /** class of each image of the data set, [n] */
  labels: Int32Array;
  classes: number;
  /** of the views, and the name of their stream: equal for what shall differ in the start alone */
  seed: number;
  stream: string;
  /** of everything else: first parameters, order, the batches that norms are measured on */
  random(...names: (string | number)[]): Rng;
  /** after each epoch, with the network as it is then; "stop" ends the training */
  watch?(epoch: number, weightsNow: () => Promise<Weights>): Promise<"stop" | undefined>;
  /** what the encoder starts from [p of the encoder]; random weights where absent */
  start?: Float32Array | undefined;
}

/** The last epoch's weights: nothing but the training images chooses them. */
export async function trainClassifier(
  { headRate, augment, epochs, batchSize, optimiser }: Pick<FinetuneConfig, "headRate" | "augment" | "epochs" | "batchSize" | "optimiser">,
  network: ClassifierNetwork,
  { frames, labels, classes, seed, stream, random, start, watch, ...training }: ClassifierTraining,
): Promise<Weights> {
  const { images } = training;
  const initial = initialise(network.specs, (parameter) => random("initial", parameter));
  if (start) initial.set(start);
  const balance = balancedWeights(
    images.map((i) => labels[i]),
    classes,
  );
  const classWeights = tf.tensor1d(balance);
  const measured = (flat: Float32Array): Weights => {
    const batches = epochBatches(images, INFERENCE_BATCH, random("statistics"));
    return { flat, statistics: encoderStatistics(network.encoder, flat, batchesOf(frames, batches)) };
  };
  const augmenter = makeAugmenter(augment, frames, { seed, stream, views: 1 });
  try {
    const flat = await fit({
      ...{ epochs, batchSize, optimiser },
      ...training,
      settings: "finetune",
      initial,
      sizes: sizesOf(network.specs),
      decay: decayMask(network.specs),
      rates: new Float32Array(initial.length).fill(1).fill(headRate, sizeOf(network.encoder.specs)),
      order: (epoch) => random("order", epoch),
      inputs: (batch, epoch) => [
        tf.tensor1d(
          Int32Array.from(batch, (i) => labels[i]),
          "int32",
        ),
        ...augmenter.inputs(batch, epoch),
      ],
      prepare: ([of, ...rest]) => [of, ...augmenter.apply(rest)],
      loss(values, [of, x]) {
        const logits = network.logits(unflatten(values, network.specs), x as tf.Tensor4D, { kind: "batch" });
        return { loss: crossEntropy(logits, of as tf.Tensor1D, classWeights) };
      },
      ...(watch && { afterEpoch: ({ epoch, flat: now }) => watch(epoch, async () => measured(Float32Array.from(await now.data()))) }),
    });
    return measured(flat);
  } finally {
    augmenter.dispose();
    classWeights.dispose();
  }
}

/** Raw logits of some images, [images][classes]. */
export function logitsOf({ logits }: Pick<TrainedClassifier, "logits">, frames: GreyFrames, images: readonly number[]): Float32Array[] {
  const rows: Float32Array[] = [];
  for (let at = 0; at < images.length; at += INFERENCE_BATCH) {
    const batch = images.slice(at, at + INFERENCE_BATCH);
    const found = tf.tidy(() => logits(batchOf(frames, batch)).arraySync());
    rows.push(...found.map((row) => Float32Array.from(row)));
  }
  return rows;
}
