/** @file Protocol `finetune`: every weight is trained. A first training on a part of the images chooses; the second has them all. */
import { trainedClassifier } from "../../src/explain/trained-classifier.ts";
import { range } from "../../src/util/rng.ts";
import { openPretrainData } from "../../src/data/study-data.ts";
import { CALIBRATION_FILE, calibrationSchema, type Calibration } from "../../src/config/calibration.ts";
import type { FinetuneConfig } from "../../src/config/finetune.ts";
import type { Weights } from "../../src/models/weights.ts";
import { planUpdates } from "../../src/optim/batches.ts";
import type { StageContext } from "../../src/run/stage.ts";
import { calibrationFrom, innerSplit, type InnerSplit } from "../inner.ts";
import type { Fold } from "../fold.ts";
import { batchSizeFor } from "../subsets.ts";
import { trainClassifier, type ClassifierTraining } from "../train-classifier.ts";
import { predictViews } from "../training/test-time.ts";
import type { ProtocolRun } from "./protocol.ts";

/** Views of each image in an epoch of pretraining. */
const PRETRAINING_VIEWS = 2;

export const finetuneAll: ProtocolRun = async (context, fold) => {
  const { metric, progress, now, resume } = context;
  const settings = { ...fold.task.study.finetune, ...(await lengthOf(fold)) };
  const split = innerSplit(fold);
  const updatesOf = (images: readonly number[], of: FinetuneConfig) =>
    planUpdates(images.length, of, { task: fold.task.name, settings: "finetune" }).updates;
  const inside = split && { ...settings, batchSize: batchSizeFor(split.trained.length, settings.batchSize) };
  const before = inside ? updatesOf(split.trained, inside) : 0;
  const calibration = inside ? await chosenInside(context, fold, split, inside, before + updatesOf(fold.images, settings)) : null;
  const weights = await train(fold, {
    images: fold.images,
    settings,
    endAfter: calibration?.epochs ?? settings.epochs,
    report: { metric, now, progress: (done, total, note, save) => progress(before + done, before + total, note, save) }, // the model is kept, its last checkpoint is not
    resume,
  });
  return { logits: predict(fold, weights, fold.held), calibration, weights };
};

/** A training of its own on a part of the images; what it says of the other part chooses. */
async function chosenInside(
  { metric, progress, resume, store, runId, artifact }: StageContext,
  fold: Fold,
  { trained, aside }: InnerSplit,
  settings: FinetuneConfig,
  total: number,
): Promise<Calibration> {
  if (resume) return calibrationSchema.parse(JSON.parse((await store.readArtifact(runId, CALIBRATION_FILE)).toString("utf8")));
  const { patience, falseNegativeCost } = settings.inner;
  const labels = aside.map((image) => fold.data.labels[image]);
  const groups = aside.map((image) => fold.data.groups[image]);
  const said = (logits: readonly ArrayLike<number>[], epochs: number) =>
    calibrationFrom({ logits, labels, groups, falseNegativeCost, epochs });
  let best: (Calibration & { epochs: number }) | undefined;
  const stopEarly = async (epoch: number, weightsNow: () => Promise<Weights>) => {
    const now = { ...said(predict(fold, await weightsNow(), aside), epoch + 1), epochs: epoch + 1 };
    metric("inner/log_loss", now.logLoss, epoch);
    if (!best || now.logLoss < best.logLoss) best = now;
    return epoch + 1 - best.epochs >= patience ? ("stop" as const) : undefined;
  };
  const inner: Fold = {
    ...fold,
    stream: `${fold.stream}/inner`,
    random: (...names) => fold.random("inner", ...names),
  };
  const weights = await train(inner, {
    images: trained,
    settings,
    report: {
      metric: (key, value, step) => metric(`inner/${key}`, value, step),
      progress: (done, _own, note) => progress(done, total, `choosing: ${note}`),
    },
    ...(patience > 0 && { watch: stopEarly }),
  });
  const calibration = best ?? said(predict(fold, weights, aside), settings.epochs);
  // at once: an interrupted second training goes on without a first
  await artifact(CALIBRATION_FILE, JSON.stringify(calibration, null, 2));
  return calibration;
}

interface Training extends Pick<ClassifierTraining, "report" | "resume" | "watch" | "endAfter"> {
  images: readonly number[];
  settings: FinetuneConfig;
}

function train({ task, data, classes, network, start, seed, stream, random }: Fold, { settings, ...training }: Training): Promise<Weights> {
  return trainClassifier(settings, network, {
    ...{ task: task.name, nameOf: (image) => data.images[image].id },
    ...{ frames: data.frames, labels: data.labels, classes, start, seed, stream, random, ...training },
  });
}

/** Raw logits of some images, [images][classes]. */
function predict({ network, data, task }: Fold, weights: Weights, images: readonly number[]): Float32Array[] {
  const trained = trainedClassifier(network, weights, task.study.data.imageSize);
  try {
    return predictViews(trained, data.frames, images, task.study.finetune.testTimeViews);
  } finally {
    trained.dispose();
  }
}

/**
 * Epochs and batch size. Few labels are seen more often, in batches that two of fill, so that updates are as many as with all labels; `scratch-long` has,
 * besides, as many image passes as pretraining had (two full views of each image an epoch; local crops are not counted).
 */
async function lengthOf(fold: Fold): Promise<Pick<FinetuneConfig, "epochs" | "batchSize">> {
  const { task, data, images, arm } = fold;
  const { finetune, pretrain, transductive } = task.study;
  const asked = { epochs: finetune.epochs, batchSize: finetune.batchSize };
  const all = data.folds.filter((of) => of !== task.fold).length;
  if (arm.initialisation === "scratch-long") {
    const pool = await openPretrainData(task);
    await pool.frames.close();
    const seen = range(pool.images.length).filter((i) => transductive || pool.folds[i] !== task.fold).length;
    asked.epochs += Math.round((pretrain.epochs * PRETRAINING_VIEWS * seen) / all);
  }
  if (images.length === all) return asked;
  const where = { task: task.name, settings: "finetune" };
  const batchSize = batchSizeFor(images.length, asked.batchSize);
  const { updates } = planUpdates(all, asked, where);
  const { updatesPerEpoch } = planUpdates(images.length, { epochs: 1, batchSize }, where);
  return { batchSize, epochs: Math.ceil(updates / updatesPerEpoch) };
}
