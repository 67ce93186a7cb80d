/** @file Stage 2, one fold: trains encoder and head on the training folds, and predicts the images that the fold holds out. */
import type { ClassifierModel } from "../src/config/model.ts";
import { heldOutIndices, loadStudyData, trainingIndices, type StudyData } from "../src/data/study-data.ts";
import { startEngine } from "../src/engine/start.ts";
import type { Classifier } from "../src/explain/classifier.ts";
import { trainedClassifier } from "../src/explain/trained-classifier.ts";
import { auroc } from "../src/metrics/auroc.ts";
import { classifierNetwork } from "../src/models/classifier-network.ts";
import { decodeWeights, encodeWeights } from "../src/models/weights.ts";
import type { StageContext } from "../src/run/stage.ts";
import { toCsv } from "../src/util/csv.ts";
import { rngOf } from "../src/util/rng.ts";
import { scoresOf, trainClassifier } from "./train-classifier.ts";

/** Runs the task. The number of epochs is fixed and the last one is reported: the held-out fold chooses nothing. */
export async function finetune(context: StageContext): Promise<void> {
  const { study, fold, initialisation, name } = context.task;
  const { initialisations: _, ...settings } = study.finetune;
  if (fold === null) throw new RangeError("finetune: the task must name a fold, got null");
  await startEngine({ threads: study.threads });
  const data = await loadStudyData(context.task);
  const classes = study.data.classes.length;
  const network = classifierNetwork(study.encoder, classes);
  const weights = await trainClassifier(settings, network, {
    ...{ task: name, images: trainingIndices(data, fold), nameOf: (image) => data.images[image].id },
    ...{ frames: data.frames, labels: data.labels, classes, seed: study.seed },
    // the names leave the initialisation out: both start from the same batches and views, so they differ in nothing else
    stream: `finetune/fold-${fold}`,
    random: (...names) => rngOf(study.seed, "finetune", fold, ...names),
    start: initialisation === "pretrained" ? await pretrainedEncoder(context, network.encoder) : undefined,
    resume: context.resume,
    report: { metric: context.metric, progress: context.progress, now: context.now }, // the model is kept, its last checkpoint is not
  });
  const { classifier, dispose } = trainedClassifier(network, weights, study.data.imageSize);
  await storeModel(context, encodeWeights(network, weights, { task: name }));
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
  const scores = scoresOf(classifier, data.frames, images);
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
