/** @file Gathers the held-out predictions of all folds and trainings and says how well each arm ranks them, and how sure that is. */
import type { Audit } from "../src/config/audit.ts";
import { armName, armsOf, type Arm } from "../src/config/arm.ts";
import { binaryClasses } from "../src/config/data.ts";
import type { StudyConfig } from "../src/config/study.ts";
import { auditImages } from "../src/data/audit/audit-images.ts";
import { openStudyManifest } from "../src/data/study-manifest.ts";
import { modelName, replicatesOf } from "../src/run/plan.ts";
import type { StageContext } from "../src/run/stage.ts";
import { range } from "../src/util/rng.ts";
import { UserError } from "../src/util/user-error.ts";
import { evaluateArms } from "./evaluation/evaluate-arms.ts";
import type { ArmPredictions } from "./evaluation/terms.ts";
import { predictionsCsv, readPredictions, type Prediction } from "./predictions.ts";

/** Runs the task: `oof-predictions.csv` and `evaluation.json`. */
export async function evaluate(context: StageContext): Promise<void> {
  const { study } = context.task;
  const arms: ArmPredictions[] = [];
  for (const arm of armsOf(study.finetune)) arms.push({ arm, replicates: await outOfFold(context, arm) });
  const evaluation = { ...evaluateArms(arms, study), shortcuts: await auditStudy(study) };
  const places = replicatesOf(study);
  const rows = arms.flatMap(({ arm, replicates }) =>
    replicates.flatMap((list, r) => list.map((prediction) => ({ model: armName(arm), ...places[r], prediction }))),
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
}

/** Predictions of every training of an arm, each over all folds and in the order of image ids. */
async function outOfFold({ needed, store, task: { study } }: StageContext, arm: Arm): Promise<Prediction[][]> {
  const trainings = replicatesOf(study).map(async (of) => {
    const folds = range(study.data.folds).map(async (fold) => {
      const run = await needed(modelName(arm, of, fold));
      const text = (await store.readArtifact(run.info.runId, "predictions.csv")).toString("utf8");
      return readPredictions(text, `predictions.csv of run ${run.info.runId}`, study.data.classes);
    });
    return (await Promise.all(folds)).flat().sort((a, b) => (a.image < b.image ? -1 : 1));
  });
  return Promise.all(trainings);
}

/** What metadata alone say of the study's classes; null where there are too few groups to tell. */
async function auditStudy({ data, seed }: StudyConfig): Promise<Audit | null> {
  const { manifest, facts } = await openStudyManifest(data, seed);
  try {
    const classes = binaryClasses(data.classes);
    const images = manifest.images.map((image) => ({ ...image, label: image.label === classes[1] ? classes[1] : classes[0] }));
    return auditImages(images, facts, { classes, seed });
  } catch (error) {
    if (error instanceof UserError) return null; // too few groups
    throw error;
  }
}
