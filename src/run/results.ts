/** @file Copies a study's results to its parent run, where researchers, the page and the report look first. */
import { evaluationSchema } from "../config/evaluation.ts";
import type { MetricPoint, Run, Store } from "../tracking/store.ts";
import type { PlannedTask } from "./plan.ts";
import { COLLAPSE_TAG, WARNING_TAG } from "./tags.ts";

const RESULTS: [task: string, artifacts: string[]][] = [
  ["evaluate", ["evaluation.json", "oof-predictions.csv"]],
  ["analyse", ["biomarkers.json", "biomarkers.csv", "hot-spots.csv", "spatial.csv", "report.html", "report.json"]],
];

/** Copies result artifacts of the finished tasks to the parent run, and logs headline metrics that it has not. */
export async function gatherResults(
  store: Store,
  parentRunId: string,
  finished: ReadonlyMap<string, Run>,
  plan: readonly PlannedTask[],
  now: () => number,
): Promise<void> {
  for (const [name, artifacts] of RESULTS) {
    const run = finished.get(plan.find((task) => task.name === name)?.key ?? "");
    if (!run) continue; // the study was asked for up to an earlier stage
    for (const path of artifacts) await store.putArtifact(parentRunId, path, await store.readArtifact(run.info.runId, path));
    if (name === "evaluate") await logHeadline(store, parentRunId, now);
  }
  const pretrained = plan.filter(({ stage }) => stage === "pretrain").map(({ name, key }) => [name, finished.get(key)] as const);
  const collapsed = pretrained.flatMap(([name, run]) => (run?.tags[COLLAPSE_TAG] ? [`${name}: ${run.tags[COLLAPSE_TAG]}`] : []));
  if (pretrained.length > 0) await store.setTags(parentRunId, { [COLLAPSE_TAG]: collapsed.join("\n") });
}

async function logHeadline(store: Store, parentRunId: string, now: () => number): Promise<void> {
  const evaluation = evaluationSchema.parse(JSON.parse((await store.readArtifact(parentRunId, "evaluation.json")).toString("utf8")));
  await store.setTags(parentRunId, { [WARNING_TAG]: evaluation.shortcuts?.warning ?? "" });
  const { metrics } = await store.getRun(parentRunId);
  const timestamp = Math.floor(now());
  const headline = Object.fromEntries([
    ...evaluation.models.flatMap((model) => [
      [`oof/${model.name}/auroc`, model.auroc.estimate] as const,
      [`oof/${model.name}/average_precision`, model.averagePrecision.estimate] as const,
      [`oof/${model.name}/brier`, model.brier.estimate] as const,
    ]),
    ...evaluation.comparisons
      .slice(0, 1)
      .flatMap(({ delta, p }) => [["oof/delta_auroc", delta.estimate] as const, ["oof/delta_auroc_p", p] as const]),
  ]);
  const points = Object.entries(headline)
    .filter(([key]) => !(key in metrics))
    .map(([key, value]): MetricPoint => ({ key, value, timestamp, step: 0 }));
  await store.logMetrics(parentRunId, points);
}
