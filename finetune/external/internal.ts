/** @file What the study's own evaluation had of the models that are asked: out-of-fold predictions of each arm. */
import { armName } from "../../src/config/arm.ts";
import type { StageContext } from "../../src/run/stage.ts";
import { parseCsv } from "../../src/util/csv.ts";
import { groupBy } from "../../src/util/group-by.ts";
import { readPredictions } from "../predictions.ts";
import type { Internal } from "./beside-internal.ts";
import type { ArmMembers } from "./evaluate-external.ts";

const FILE = "oof-predictions.csv";

/** By name of the arm; of the folds and trainings of these models only. Nothing where the store has no evaluation of the study. */
export async function internalPredictions(
  { task, store, needed }: Pick<StageContext, "task" | "store" | "needed">,
  arms: readonly ArmMembers[],
): Promise<Map<string, Internal>> {
  if (!("evaluate" in task.needs)) return new Map();
  const { runId } = (await needed("evaluate")).info;
  const text = (await store.readArtifact(runId, FILE)).toString("utf8");
  const source = `${FILE} of run ${runId}`;
  const places = parseCsv(text, source, ["model", "repeat", "seed"]);
  const predictions = readPredictions(text, source, task.study.data.classes);
  const key = (model: string, repeat: number | string, seed: number | string, fold: number) => [model, repeat, seed, fold].join(" ");
  return new Map(
    arms.flatMap(({ arm, members }): [string, Internal][] => {
      const name = armName(arm);
      const asked = new Set(members.map(({ repeat, seed, fold }) => key(name, repeat, seed, fold)));
      const rows = predictions
        .map((prediction, i) => ({ prediction, model: places[i].model, repeat: places[i].repeat, seed: places[i].seed }))
        .filter(({ model, repeat, seed, prediction }) => asked.has(key(model, repeat, seed, prediction.fold)));
      const replicates = [...groupBy(rows, ({ repeat, seed }) => `${repeat} ${seed}`).values()].map((own) =>
        own.map((row) => row.prediction),
      );
      const folds = new Set(members.map(({ fold }) => fold)).size;
      return replicates.length > 0 ? [[name, { replicates, folds }]] : [];
    }),
  );
}
