/** @file What a search is worth: held-out predictions of each fold's own choice, beside the study's own settings and the best single trial. */
import { armsOf } from "../src/config/arm.ts";
import type { Evaluation } from "../src/config/evaluation.ts";
import { gatheredName, TUNE_FILES, type Gathered } from "../src/config/tuned.ts";
import type { StageContext } from "../src/run/stage.ts";
import { range } from "../src/util/rng.ts";
import { evaluateArms } from "./evaluation/evaluate-arms.ts";
import { storedTraining } from "./evaluation/stored-training.ts";
import type { ArmPredictions } from "./evaluation/terms.ts";
import { aboutStudy } from "./evaluate.ts";
import { predictionsCsv } from "./predictions.ts";

/** Runs the task: `evaluation.json` (the nested choice, and the study's own settings), `oof-predictions.csv`, `optimistic.json` (the best single trial). */
export async function tuned(context: StageContext): Promise<void> {
  const { study, needs } = context.task;
  const [arm] = armsOf(study.finetune);
  const gathered = async (name: Gathered): Promise<ArmPredictions> => ({
    ...{ arm, name },
    replicates: [
      await storedTraining(
        context,
        range(study.data.folds).map((fold) => gatheredName(name, fold)),
      ),
    ],
  });
  const arms = [await gathered("tuned"), ...(gatheredName("default", 0) in needs ? [await gathered("default")] : [])];
  const { shortcuts, attributes } = await aboutStudy(study, arms[0].replicates[0].predictions);
  const evaluation: Evaluation = { ...evaluateArms(arms, study, attributes), shortcuts, baselines: [] };
  // by itself: all folds together chose it, so nothing is compared with it
  const optimistic: Evaluation = { ...evaluateArms([await gathered("best")], study), shortcuts: null, baselines: [] };
  const rows = arms.flatMap(({ name, replicates }) => replicates[0].predictions.map((prediction) => ({ model: name!, prediction })));
  await context.artifact(
    TUNE_FILES.predictions,
    predictionsCsv(
      rows.map(({ prediction }) => prediction),
      (i) => ({ model: rows[i].model }),
    ),
  );
  await context.artifact(TUNE_FILES.evaluation, JSON.stringify(evaluation, null, 2));
  await context.artifact(TUNE_FILES.optimistic, JSON.stringify(optimistic, null, 2));
  for (const model of evaluation.models) context.metric(`oof/${model.name}/auroc`, model.auroc.estimate, 0);
}
