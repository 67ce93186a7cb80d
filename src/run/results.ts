/** @file Copies a study's results to its parent run, where researchers, the page and the report look first. */
import { evaluationSchema } from "../config/results.ts";
import type { MetricPoint, Run, Store } from "../tracking/store.ts";
import type { PlannedTask } from "./plan.ts";

const RESULTS: [task: string, artifacts: string[]][] = [
  ["evaluate", ["evaluation.json", "oof-predictions.csv"]],
  ["analyse", ["biomarkers.json", "biomarkers.csv", "hot-spots.csv", "spatial.csv", "report.html"]],
];

/** Copies result artifacts and headline metrics of the finished tasks to the parent run. */
export async function gatherResults(
  store: Store,
  parentRunId: string,
  finished: ReadonlyMap<string, Run>,
  plan: readonly PlannedTask[],
  now: () => number,
): Promise<void> {
  for (const [name, artifacts] of RESULTS) {
    const run = finished.get(plan.find((task) => task.name === name)!.key)!;
    for (const path of artifacts) await store.putArtifact(parentRunId, path, await store.readArtifact(run.info.runId, path));
  }
  const evaluation = evaluationSchema.parse(JSON.parse((await store.readArtifact(parentRunId, "evaluation.json")).toString("utf8")));
  const timestamp = Math.floor(now());
  const point = (key: string, value: number): MetricPoint => ({ key, value, timestamp, step: 0 });
  await store.logMetrics(parentRunId, [
    ...evaluation.models.flatMap((model) => [
      point(`oof/${model.initialisation}/auroc`, model.auroc.estimate),
      point(`oof/${model.initialisation}/average_precision`, model.averagePrecision.estimate),
      point(`oof/${model.initialisation}/brier`, model.brier.estimate),
    ]),
    ...(evaluation.comparison
      ? [point("oof/delta_auroc", evaluation.comparison.delta.estimate), point("oof/delta_auroc_p", evaluation.comparison.p)]
      : []),
  ]);
}
