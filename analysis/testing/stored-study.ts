/** @file A study in a store as far as it came: its runs and what they hold, from made-up facts. For tests. */
import { KEY_TAG, STUDY_TAG, STUDY_TASK, TASK_TAG } from "../../src/run/tags.ts";
import type { RunStatus, Store } from "../../src/tracking/store.ts";
import { toCsv } from "../../src/util/csv.ts";
import type { ReportFacts } from "../report/facts.ts";

export interface StoredStudy {
  name: string;
  facts: ReportFacts;
  /** how far it came: nothing evaluated; evaluated, but stopped before results were gathered; gathered; analysed */
  reached: "started" | "evaluated" | "gathered" | "analysed";
  status: RunStatus;
  startTime: number;
}

/** @returns ids of the study's run and of its evaluate task (undefined where it did not come to that) */
export async function storeStudy(
  store: Store,
  { name, facts: { study, evaluation, biomarkers, predictions, software }, reached, status, startTime }: StoredStudy,
): Promise<{ runId: string; evaluate: string | undefined }> {
  const { experimentId } = await store.experiment(name);
  const tags = {
    ...{ [TASK_TAG]: STUDY_TASK, [STUDY_TAG]: name, "sonomark.code": software.code, "sonomark.engine": software.engine },
    "sonomark.data": software.data,
  };
  const { runId } = (await store.createRun({ experimentId, name, startTime, tags })).info;
  const source = JSON.stringify({ uri: "images", reader: "folder", licence: "CC BY 4.0", citation: "Somebody 2020" });
  await store.logInputs(runId, [
    { name: "folder", digest: "d", sourceType: "local", source, schema: null, profile: null, context: "training" },
  ]);
  await store.putArtifact(runId, "study.json", JSON.stringify(study));
  const key = `key of ${name} ${startTime}`;
  await store.putArtifact(runId, "plan.json", JSON.stringify([{ name: "evaluate", key, stage: "evaluate" }]));
  const results = {
    "evaluation.json": JSON.stringify(evaluation),
    "oof-predictions.csv": toCsv(predictions.map(({ positive: _, ...row }) => row)),
  };
  const put = async (id: string, artifacts: Record<string, string>) => {
    for (const [path, text] of Object.entries(artifacts)) await store.putArtifact(id, path, text);
  };
  let evaluate: string | undefined;
  if (reached !== "started") {
    const task = { experimentId, name: "evaluate", startTime, parentRunId: runId, tags: { [TASK_TAG]: "evaluate", [KEY_TAG]: key } };
    evaluate = (await store.createRun(task)).info.runId;
    await put(evaluate, results);
    await store.updateRun(evaluate, { status: "FINISHED", endTime: startTime });
  }
  if (reached === "gathered" || reached === "analysed") await put(runId, results);
  if (reached === "analysed")
    await put(runId, { "biomarkers.json": JSON.stringify(biomarkers), "report.html": "<!doctype html>as written", "report.json": "{}" });
  await store.updateRun(runId, { status, endTime: startTime });
  return { runId, evaluate };
}
