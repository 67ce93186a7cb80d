/** @file Stage 2, one fold: trains encoder and head on the training folds, and predicts the images that the fold holds out. */
import { batchesOf, batchOf } from "../src/augment/batch.ts";
import { makeAugmenter } from "../src/augment/augmenter.ts";
import type { ClassifierModel } from "../src/config/model.ts";
import { heldOutIndices, loadStudyData, trainingIndices, type StudyData } from "../src/data/study-data.ts";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import type { Classifier } from "../src/explain/classifier.ts";
import { trainedClassifier } from "../src/explain/trained-classifier.ts";
import { balancedWeights, crossEntropy } from "../src/losses/cross-entropy.ts";
import { auroc } from "../src/metrics/auroc.ts";
import { classifierNetwork } from "../src/models/classifier-network.ts";
import { decayMask, initialise, sizeOf, sizesOf, unflatten } from "../src/models/network.ts";
import { encoderStatistics } from "../src/models/norm-statistics.ts";
import { decodeWeights, encodeWeights } from "../src/models/weights.ts";
import { epochBatches } from "../src/optim/batches.ts";
import { fit } from "../src/optim/fit.ts";
import type { StageContext } from "../src/run/stage.ts";
import { toCsv } from "../src/util/csv.ts";
import { rngOf } from "../src/util/rng.ts";

/** Images a batch where nothing is trained. */
const INFERENCE_BATCH = 64;

/** Runs the task. The number of epochs is fixed and the last one is reported: the held-out fold chooses nothing. */
export async function finetune(context: StageContext): Promise<void> {
  const { study, fold, initialisation, name } = context.task;
  const { initialisations: _, headRate, augment, ...training } = study.finetune;
  if (fold === null) throw new RangeError("finetune: the task must name a fold, got null");
  await startEngine({ threads: study.threads });
  const data = await loadStudyData(context.task);
  const images = trainingIndices(data, fold);
  const random = (...names: (string | number)[]) => rngOf(study.seed, "finetune", fold, ...names);

  const network = classifierNetwork(study.encoder, study.data.classes.length);
  const encoderSize = sizeOf(network.encoder.specs);
  const initial = initialise(network.specs, (parameter) => random("initial", parameter));
  if (initialisation === "pretrained") initial.set(await pretrainedEncoder(context, network.encoder));
  const balance = balancedWeights(
    images.map((i) => data.labels[i]),
    study.data.classes.length,
  );
  const classWeights = tf.tensor1d(balance);
  // the stream's name leaves the initialisation out: both start from the same batches and views, so they differ in nothing else
  const augmenter = makeAugmenter(augment, data.frames, { seed: study.seed, stream: `finetune/fold-${fold}`, views: 1 });
  const flat = await fit({
    ...training,
    task: name,
    settings: "finetune",
    images,
    nameOf: (image) => data.images[image].id,
    initial,
    sizes: sizesOf(network.specs),
    decay: decayMask(network.specs),
    rates: new Float32Array(initial.length).fill(1).fill(headRate, encoderSize),
    order: (epoch) => random("order", epoch),
    inputs: (batch, epoch) => [
      tf.tensor1d(
        Int32Array.from(batch, (i) => data.labels[i]),
        "int32",
      ),
      ...augmenter.inputs(batch, epoch),
    ],
    prepare: ([labels, ...rest]) => [labels, ...augmenter.apply(rest)],
    loss(values, [labels, x]) {
      const logits = network.logits(unflatten(values, network.specs), x as tf.Tensor4D, { kind: "batch" });
      return { loss: crossEntropy(logits, labels as tf.Tensor1D, classWeights) };
    },
    resume: context.resume,
    report: { metric: context.metric, progress: context.progress, now: context.now }, // the model is kept, its last checkpoint is not
  });
  augmenter.dispose();
  classWeights.dispose();

  const batches = epochBatches(images, INFERENCE_BATCH, random("statistics"));
  const statistics = encoderStatistics(network.encoder, flat, batchesOf(data.frames, batches));
  const { classifier, dispose } = trainedClassifier(network, { flat, statistics }, study.data.imageSize);
  await storeModel(context, encodeWeights(network, { flat, statistics }, { task: name }));
  await storePredictions(context, data, classifier);
  dispose();
}

async function pretrainedEncoder(context: StageContext, encoder: Parameters<typeof decodeWeights>[0]): Promise<Float32Array> {
  const run = await context.needed(`pretrain/fold-${context.task.fold}`);
  const path = "model/encoder.safetensors";
  return decodeWeights(encoder, await context.store.readArtifact(run.info.runId, path), `${path} of run ${run.info.runId}`).flat;
}

async function storeModel(context: StageContext, weights: Uint8Array): Promise<void> {
  const { study, fold, initialisation } = context.task;
  const model: ClassifierModel = {
    encoder: study.encoder,
    imageSize: study.data.imageSize,
    fold: fold!,
    classes: study.data.classes,
    initialisation: initialisation!,
  };
  await context.artifact("model/classifier.safetensors", weights);
  await context.artifact("model/config.json", JSON.stringify(model, null, 2));
}

async function storePredictions(context: StageContext, data: StudyData, classifier: Classifier): Promise<void> {
  const { fold, study } = context.task;
  const images = heldOutIndices(data, fold!);
  const scores: number[] = [];
  for (let at = 0; at < images.length; at += INFERENCE_BATCH) {
    const batch = images.slice(at, at + INFERENCE_BATCH);
    scores.push(...tf.tidy(() => classifier.scoreOfMap(classifier.featureMap(batchOf(data.frames, batch))).dataSync()));
  }
  const rows = images.map((i, row) => ({
    image: data.images[i].id,
    group: data.images[i].group,
    label: data.images[i].label,
    fold: fold!,
    probability: 1 / (1 + Math.exp(-scores[row])),
    score: scores[row],
  }));
  await context.artifact("predictions.csv", toCsv(rows));
  context.metric(
    "heldout/auroc",
    auroc(
      rows.map(({ label }) => study.data.classes.indexOf(label)),
      scores,
    ),
    0,
  );
}
