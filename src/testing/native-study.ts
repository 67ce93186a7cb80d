/** @file A small study with everything in it that a native MLflow client logs: odd numbers, names and values on purpose. */
import { logImage } from "../tracking/log-image.ts";
import type { MetricPoint, Store } from "../tracking/store.ts";
import { START } from "./store-contract.ts";

export const NAME = "native";
const values = [0.5, NaN, Infinity, -Infinity, 1e-7, 1e21, -0, 3, 5e-324, 0.1 + 0.2];
export const odd = values.map((value, step): MetricPoint => ({ key: "odd/values", value, timestamp: START + step, step }));
export const loss = Array.from({ length: 1000 }, (_, step): MetricPoint => ({
  key: "train/loss",
  value: Math.sin(step) / 3,
  timestamp: START + 7 * step,
  step,
}));
export const params = { "encoder.width": "16", "encoder.stages": "[1,1,1,1]", empty: "", "42": "yes", "größe 漢": "two\nlines\n" };
export const dataset = {
  name: "busbra",
  digest: "0123456789abcdef",
  sourceType: "local",
  source: '{"uri":"experiments/sample"}',
  schema: null,
  profile: '{"num_rows":128}',
  context: "training",
};

/** A study as the stages write it: two children of one parent, by three processes' worth of stores. */
export async function writeStudy(open: () => Store): Promise<{ parent: string; child: string }> {
  const store = open();
  const { experimentId } = await store.experiment(NAME);
  const tags = {
    "mlflow.user": "ann",
    "mlflow.source.name": "src/cli/sonomark.ts",
    "mlflow.source.type": "LOCAL",
    "mlflow.note.content": "# Study\né 🎈",
  };
  const parent = (await store.createRun({ experimentId, name: "2026-01-02", startTime: START, tags })).info.runId;
  const stage = open();
  const child = (await stage.createRun({ experimentId, name: "pretrain/fold-0", startTime: START + 1, parentRunId: parent, tags })).info
    .runId;
  await stage.logParams(child, params);
  for (const points of [loss.slice(0, 400), loss.slice(400), odd, odd]) await stage.logMetrics(child, points);
  await stage.logInputs(child, [dataset]);
  await stage.putArtifact(child, "model/encoder.safetensors", Uint8Array.of(0, 255, 10, 13));
  await stage.putArtifact(child, "maps/odd é + name.csv", "a,b\n");
  const id = "00000000-0000-4000-8000-000000000000";
  await logImage(stage, child, {
    key: "overlays/case 1",
    step: 0,
    timestamp: START,
    id,
    png: Buffer.from("png"),
    thumbnail: Buffer.from("webp"),
  });
  await stage.updateRun(child, { status: "FINISHED", endTime: START + 9000 });
  const other = (await open().createRun({ experimentId, name: "42", startTime: START + 2, parentRunId: parent, tags })).info.runId;
  await store.updateRun(other, { status: "KILLED", endTime: START + 8000 });
  await store.updateRun(parent, { status: "FINISHED", endTime: START + 9999 });
  return { parent, child };
}
