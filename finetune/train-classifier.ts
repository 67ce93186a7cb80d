/** @file Trains an encoder and a linear head on labelled images, from whatever weights the encoder starts from. */
import { stepsOf } from "../src/augment/apply.ts";
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
import { rateFactors } from "./training/learning-rates.ts";
import { maskTask, type LesionFrames } from "./training/mask-task.ts";
import { mixRows, mixShares, partners } from "./training/mix-up.ts";

/** Images a batch where nothing is trained. */
export const INFERENCE_BATCH = 64;
/** Place of the views' parameters among an augmenter's inputs. */
const PARAMETERS = 2;

/** What a classifier is trained on, and who is told. */
export interface ClassifierTraining extends Pick<FitOptions, "task" | "images" | "nameOf" | "resume" | "report" | "endAfter"> {
  /** with lesion masks, where these are to be learnt */
  frames: AugmentFrames & LesionFrames;
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

/** What of a study's settings decides a training. */
export type TrainingSettings = Pick<
  FinetuneConfig,
  | ("epochs" | "batchSize" | "augment" | "optimiser" | "headRate" | "layerDecay")
  | ("classWeights" | "labelSmoothing" | "mixUp" | "maskWeight" | "maskLoss")
>;

/**
 * The last epoch's weights: nothing but the training images chooses them.
 * @throws UserError where the mask is to be learnt and no image has one, and as `fit`
 */
export async function trainClassifier(
  settings: TrainingSettings,
  network: ClassifierNetwork,
  { frames, labels, classes, seed, stream, random, start, watch, ...training }: ClassifierTraining,
): Promise<Weights> {
  const { epochs, batchSize, optimiser, labelSmoothing: smoothing, mixUp, maskWeight } = settings;
  const { images, task, report } = training;
  const { encoder } = network;
  const augmenter = makeAugmenter(settings.augment, frames, { seed, stream, views: 1 });
  const classWeights = settings.classWeights === "balanced" ? tf.tensor1d(balanceOf(images, labels, classes)) : undefined;
  const measured = (flat: Float32Array): Weights => {
    const own = flat.slice(0, sizeOf(network.specs)); // without the head of the mask
    const batches = epochBatches(images, INFERENCE_BATCH, random("statistics"));
    return { flat: own, statistics: encoderStatistics(encoder, own, batchesOf(frames, batches)) };
  };
  try {
    const { rotate } = stepsOf(augmenter.groups[0].views);
    const mask = maskWeight > 0 ? maskTask(encoder, frames, settings, { images, rotate, task }) : undefined;
    const specs = [...network.specs, ...(mask?.specs ?? [])];
    const initial = initialise(specs, (parameter) => random("initial", parameter));
    if (start) initial.set(start);
    const flat = await fit({
      ...{ epochs, batchSize, optimiser },
      ...training,
      settings: "finetune",
      initial,
      sizes: sizesOf(specs),
      decay: decayMask(specs),
      rates: rateFactors(encoder, specs, settings),
      order: (epoch) => random("order", epoch),
      inputs: (batch, epoch) => [
        tf.tensor1d(
          Int32Array.from(batch, (i) => labels[i]),
          "int32",
        ),
        ...(mixUp > 0 ? [tf.tensor1d(mixShares(mixUp, { seed, stream, epoch }, batch))] : []),
        ...(mask?.inputs(batch) ?? []),
        ...augmenter.inputs(batch, epoch),
      ],
      prepare([of, ...rest]) {
        const [shares] = rest.splice(0, mixUp > 0 ? 1 : 0) as tf.Tensor1D[];
        const masks = rest.splice(0, mask?.tensors ?? 0);
        const [x] = augmenter.apply(rest);
        const shown = [x, ...(mask?.targets(masks, rest[PARAMETERS] as tf.Tensor2D) ?? [])];
        return shares ? [of, ...shown.map((each) => mixRows(each, shares)), shares] : [of, ...shown];
      },
      loss(values, [first, x, ...rest]) {
        const params = unflatten(values, specs);
        const map = encoder.featureMap(params, x as tf.Tensor4D, { kind: "batch" });
        const of = first as tf.Tensor1D;
        const mixed = mixUp > 0 ? { labels: partners(of), shares: rest.at(-1) as tf.Tensor1D } : undefined;
        const loss = crossEntropy(network.head(params, map), of, classWeights, { smoothing, ...(mixed && { mixed }) });
        if (!mask) return { loss };
        const maskLoss = mask.loss(params, map, rest);
        return { loss: tf.add(loss, tf.mul(maskWeight, maskLoss)), aux: { maskLoss } };
      },
      ...(mask && { observe: ({ maskLoss }, { step }) => report.metric("train/mask_loss", maskLoss.dataSync()[0], step) }),
      ...(watch && { afterEpoch: ({ epoch, flat: now }) => watch(epoch, async () => measured(Float32Array.from(await now.data()))) }),
    });
    return measured(flat);
  } finally {
    augmenter.dispose();
    classWeights?.dispose();
  }
}

/** Weights that give each class the same share of the loss, [classes]. */
const balanceOf = (images: readonly number[], labels: Int32Array, classes: number): Float32Array =>
  balancedWeights(
    images.map((i) => labels[i]),
    classes,
  );

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
