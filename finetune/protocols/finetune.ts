/** @file Protocol `finetune`: every weight is trained. A first training on a part of the images chooses; the second has them all. */
import { trainedClassifier } from "../../src/explain/trained-classifier.ts";
import { range } from "../../src/util/rng.ts";
import { openPretrainData } from "../../src/data/study-data.ts";
import type { FinetuneConfig } from "../../src/config/finetune.ts";
import type { Weights } from "../../src/models/weights.ts";
import { planUpdates } from "../../src/optim/batches.ts";
import type { FitOptions } from "../../src/optim/fit.ts";
import type { StageContext } from "../../src/run/stage.ts";
import type { Fold } from "../fold.ts";
import { batchSizeFor } from "../subsets.ts";
import { logitsOf, trainClassifier } from "../train-classifier.ts";
import type { ProtocolRun } from "./protocol.ts";

/** Views of each image in an epoch of pretraining. */
const PRETRAINING_VIEWS = 2;

export const finetuneAll: ProtocolRun = async (context, fold) => {
  const settings = { ...fold.task.study.finetune, ...(await lengthOf(fold)) };
  const { metric, progress, now, resume } = context;
  const weights = await train(fold, fold.images, settings, { metric, progress, now }, resume); // the model is kept, its last checkpoint is not
  return { logits: predict(fold, weights, fold.held), calibration: null, weights };
};

function train(
  { task, data, classes, network, start, seed, stream, random }: Fold,
  images: readonly number[],
  settings: FinetuneConfig,
  report: FitOptions["report"],
  resume?: StageContext["resume"],
): Promise<Weights> {
  return trainClassifier(settings, network, {
    ...{ task: task.name, images, nameOf: (image) => data.images[image].id },
    ...{ frames: data.frames, labels: data.labels, classes, start, seed, stream, random, resume, report },
  });
}

/** Raw logits of some images, [images][classes]. */
function predict({ network, data, task }: Fold, weights: Weights, images: readonly number[]): Float32Array[] {
  const trained = trainedClassifier(network, weights, task.study.data.imageSize);
  try {
    return logitsOf(trained, data.frames, images);
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
