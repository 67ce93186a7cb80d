/** @file What an MLflow server answers, checked and turned into our types. Empty fields are left out by the server; int64 may come as text. */
import { z } from "zod";
import type { ArtifactEntry, DatasetInput, Experiment, MetricPoint, Run } from "./store.ts";

const text = z.string().default("");
/** Also "NaN" and "Infinity". */
const number = z.union([z.number(), z.string()]).transform(Number);
const pairs = z.array(z.object({ key: z.string(), value: text })).default([]);
const stage = z.enum(["active", "deleted"]).default("active");
const token = z.string().optional();

/** SQL stores keep infinities as the largest double. */
const value = number.transform((v) => (Math.abs(v) === Number.MAX_VALUE ? Math.sign(v) * Infinity : v));
const point = z.object({ key: z.string(), value: value.default(0), timestamp: number.default(0), step: number.default(0) });
const points = z.array(point).default([]);

const experiment = z
  .object({ experiment_id: z.string(), name: text, artifact_location: text, lifecycle_stage: stage })
  .transform((e): Experiment => ({
    experimentId: e.experiment_id,
    name: e.name,
    artifactLocation: e.artifact_location,
    lifecycleStage: e.lifecycle_stage,
  }));

const datasetInput = z
  .object({
    dataset: z.object({
      name: text,
      digest: text,
      source_type: text,
      source: text,
      schema: z.string().nullish(),
      profile: z.string().nullish(),
    }),
    tags: pairs,
  })
  .transform(({ dataset, tags }): DatasetInput => ({
    name: dataset.name,
    digest: dataset.digest,
    sourceType: dataset.source_type,
    source: dataset.source,
    schema: dataset.schema || null,
    profile: dataset.profile || null,
    context: tags.find((tag) => tag.key === "mlflow.data.context")?.value ?? "",
  }));

const record = (list: { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(list.map(({ key, value: held }) => [key, held]));

const run = z
  .object({
    info: z.object({
      run_id: z.string(),
      experiment_id: z.string(),
      run_name: text,
      status: z.enum(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]).default("RUNNING"),
      start_time: number.default(0),
      end_time: number.nullish(),
      artifact_uri: text,
      lifecycle_stage: stage,
    }),
    data: z.object({ metrics: points, params: pairs, tags: pairs }).prefault({}),
    inputs: z.object({ dataset_inputs: z.array(datasetInput).default([]) }).prefault({}),
  })
  .transform(({ info, data, inputs }): Run => ({
    info: {
      runId: info.run_id,
      experimentId: info.experiment_id,
      name: info.run_name,
      status: info.status,
      startTime: info.start_time,
      endTime: info.end_time || null,
      artifactUri: info.artifact_uri,
      lifecycleStage: info.lifecycle_stage,
    },
    params: record(data.params),
    tags: record(data.tags),
    metrics: Object.fromEntries(data.metrics.map((metric): [string, MetricPoint] => [metric.key, metric])),
    inputs: inputs.dataset_inputs,
  }));

const artifact = z
  .object({ path: z.string(), is_dir: z.boolean().default(false), file_size: number.nullish() })
  .transform((file): ArtifactEntry => ({ path: file.path, isDirectory: file.is_dir, size: file.is_dir ? null : (file.file_size ?? 0) }));

export const shapes = {
  created: z.object({ experiment_id: z.string() }),
  experiment: z.object({ experiment }),
  experiments: z.object({ experiments: z.array(experiment).default([]), next_page_token: token }),
  run: z.object({ run }),
  runs: z.object({ runs: z.array(run).default([]), next_page_token: token }),
  history: z.object({ metrics: points, next_page_token: token }),
  artifacts: z.object({ files: z.array(artifact).default([]) }),
};
