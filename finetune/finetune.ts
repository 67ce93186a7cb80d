/** @file Stage 2, one fold of one arm: makes a classifier of the training folds, and predicts the images that the fold holds out. */
import { CALIBRATION_FILE } from "../src/config/calibration.ts";
import type { ClassifierModel } from "../src/config/model.ts";
import { startEngine } from "../src/engine/start.ts";
import { auroc } from "../src/metrics/auroc.ts";
import { encodeWeights, type Weights } from "../src/models/weights.ts";
import { exportOnnx } from "../src/onnx/export-onnx.ts";
import type { StageContext } from "../src/run/stage.ts";
import { openFold, type Fold } from "./fold.ts";
import { predictionRows, predictionsCsv } from "./predictions.ts";
import type { Outcome } from "./protocols/protocol.ts";
import { PROTOCOLS } from "./protocols/registry.ts";

/** Runs the task. Whatever is chosen is chosen on training images: the held-out fold is predicted once, at the end. */
export async function finetune(context: StageContext): Promise<void> {
  await startEngine({ threads: context.task.study.threads });
  const fold = await openFold(context);
  const outcome = await PROTOCOLS[fold.arm.protocol](context, fold);
  if (outcome.weights) await storeModel(context, fold, outcome, outcome.weights);
  if (outcome.calibration)
    // the same that a first training may have kept already
    await context.artifact(CALIBRATION_FILE, JSON.stringify(outcome.calibration, null, 2));
  if (outcome.chosen)
    await context.tag(Object.fromEntries(Object.entries(outcome.chosen).map(([key, value]) => [`sonomark.chosen.${key}`, String(value)])));
  const rows = predictionRows(fold, outcome);
  await context.artifact("predictions.csv", predictionsCsv(rows));
  const value = auroc(
    fold.held.map((image) => Number(fold.data.labels[image] === fold.classes - 1)),
    rows.map(({ score }) => score),
  );
  context.metric("heldout/auroc", value, 0);
}

async function storeModel(context: StageContext, { network, arm, task }: Fold, { calibration }: Outcome, weights: Weights): Promise<void> {
  const { study, fold, name, key } = task;
  const { imageSize, classes } = study.data;
  const model: ClassifierModel = {
    encoder: study.encoder,
    ...{ imageSize, classes, arm },
    fold: fold!,
    calibration,
  };
  await context.artifact("model/classifier.safetensors", encodeWeights(network, weights, { task: name }));
  await context.artifact("model/config.json", JSON.stringify(model, null, 2));
  const origin = { task: name, taskKey: key, runId: context.runId };
  await context.artifact("model/model.onnx", exportOnnx({ network, weights, imageSize, classes, calibration, ...origin }));
}
