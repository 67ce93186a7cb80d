/** @file Gathers the held-out predictions of all folds and trainings and says how well each arm ranks them, and how sure that is. */
import { armName, armsOf, type Arm } from "../src/config/arm.ts";
import type { Evaluation } from "../src/config/evaluation.ts";
import type { StudyConfig } from "../src/config/study.ts";
import { openStudyManifest } from "../src/data/study-manifest.ts";
import { modelName, replicatesOf } from "../src/run/plan.ts";
import type { StageContext } from "../src/run/stage.ts";
import { range } from "../src/util/rng.ts";
import { evaluateBaselines } from "./baselines/evaluate-baselines.ts";
import { aboutImages, type AboutImages } from "./evaluation/about-images.ts";
import { evaluateArms } from "./evaluation/evaluate-arms.ts";
import { storedTraining } from "./evaluation/stored-training.ts";
import type { ArmPredictions, Replicate } from "./evaluation/terms.ts";
import { predictionsCsv, type Prediction } from "./predictions.ts";

/** Runs the task: `oof-predictions.csv` and `evaluation.json`. */
export async function evaluate(context: StageContext): Promise<void> {
  const { study } = context.task;
  const arms: ArmPredictions[] = [];
  for (const arm of armsOf(study.finetune)) arms.push({ arm, replicates: await outOfFold(context, arm) });
  const about = await aboutStudy(study, arms[0].replicates[0].predictions);
  const evaluation: Evaluation = {
    ...evaluateArms(arms, study, about.attributes),
    shortcuts: about.shortcuts,
    baselines: await evaluateBaselines(study, arms[0]),
  };
  const places = replicatesOf(study);
  const rows = arms.flatMap(({ arm, replicates }) =>
    replicates.flatMap(({ predictions }, r) => predictions.map((prediction) => ({ model: armName(arm), ...places[r], prediction }))),
  );
  await context.artifact(
    "oof-predictions.csv",
    predictionsCsv(
      rows.map(({ prediction }) => prediction),
      (i) => ({ model: rows[i].model, repeat: rows[i].repeat, seed: rows[i].seed }),
    ),
  );
  await context.artifact("evaluation.json", JSON.stringify(evaluation, null, 2));
  for (const model of evaluation.models) {
    context.metric(`oof/${model.name}/auroc`, model.auroc.estimate, 0);
    model.foldAuroc.forEach((value, fold) => value !== null && context.metric(`fold/${model.name}/auroc`, value, fold));
  }
  for (const { name, performance } of evaluation.baselines)
    if (performance) context.metric(`baseline/${name}/auroc`, performance.auroc.estimate, 0);
}

/** Every training of an arm, each over all folds and in the order of image ids. */
const outOfFold = (context: StageContext, arm: Arm): Promise<Replicate[]> => {
  const { study } = context.task;
  const names = replicatesOf(study).map((of) => range(study.data.folds).map((fold) => modelName(arm, of, fold)));
  return Promise.all(names.map((folds) => storedTraining(context, folds)));
};

/** Divisions of the predicted images, and what metadata alone say of all images of the study. */
export async function aboutStudy({ data, seed }: StudyConfig, predictions: readonly Prediction[]): Promise<AboutImages> {
  const { manifest, facts } = await openStudyManifest(data, seed);
  const place = new Map(manifest.images.map(({ id }, i) => [id, i]));
  const order = predictions.map(({ image }) => place.get(image)!);
  return aboutImages(manifest.images, facts, order, { ...data, seed });
}
