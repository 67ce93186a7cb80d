/** @file One training as the store holds it: held-out predictions of all folds, and what each fold's inner split chose. */
import { CALIBRATION_FILE, calibrationSchema } from "../../src/config/calibration.ts";
import type { StageContext } from "../../src/run/stage.ts";
import { readPredictions } from "../predictions.ts";
import type { Replicate } from "./terms.ts";

/**
 * Predictions in the order of image ids.
 * @param names needs of the task, by fold
 */
export async function storedTraining({ needed, store, task: { study } }: StageContext, names: readonly string[]): Promise<Replicate> {
  const parts = await Promise.all(
    names.map(async (name) => {
      const { runId } = (await needed(name)).info;
      const text = (await store.readArtifact(runId, "predictions.csv")).toString("utf8");
      const chosen = (await store.listArtifacts(runId)).some(({ path }) => path === CALIBRATION_FILE);
      return {
        predictions: readPredictions(text, `predictions.csv of run ${runId}`, study.data.classes),
        calibration: chosen
          ? calibrationSchema.parse(JSON.parse((await store.readArtifact(runId, CALIBRATION_FILE)).toString("utf8")))
          : null,
      };
    }),
  );
  return {
    predictions: parts.flatMap(({ predictions }) => predictions).sort((a, b) => (a.image < b.image ? -1 : 1)),
    calibrations: parts.map(({ calibration }) => calibration),
  };
}
