/** @file One experiment as the real MLflow reads it, and as a Store of ours reads it, in the same form: the two must be equal. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { MetricPoint, Store } from "../tracking/store.ts";
import { sha256 } from "../util/hash.ts";
import { mlflowEnv } from "./mlflow-venv.ts";

export interface RunView {
  runId: string;
  name: string;
  status: string;
  startTime: number;
  endTime: number | null;
  parent: string | null;
  params: Record<string, string>;
  tags: Record<string, string>;
  /** Python's text of a number */
  latest: Record<string, string>;
  /** step, timestamp, Python's text of the value */
  histories: Record<string, [number, number, string][]>;
  inputs: unknown[];
  /** path → SHA-256 */
  artifacts: Record<string, string>;
}

/** Newest run first. */
export interface ExperimentView {
  experiments: string[];
  runs: RunView[];
}

/** @param uri of a folder or a server */
export async function viewWithMlflow(python: string, uri: string, experiment: string): Promise<ExperimentView> {
  const script = join(import.meta.dirname, "mlflow-view.py");
  const { stdout } = await promisify(execFile)(python, [script, uri, experiment], { env: mlflowEnv, maxBuffer: 1 << 28 });
  return JSON.parse(stdout) as ExperimentView;
}

export async function viewWithStore(store: Store, experiment: string): Promise<ExperimentView> {
  const { experimentId } = await store.experiment(experiment);
  const runs: RunView[] = [];
  for (const { info, params, tags, metrics, inputs } of await store.searchRuns({ experimentIds: [experimentId] })) {
    const { runId, name, status, startTime, endTime } = info;
    const histories: RunView["histories"] = {};
    for (const key of Object.keys(metrics))
      histories[key] = (await store.metricHistory(runId, key)).map((point) => [point.step, point.timestamp, repr(point)]);
    const latest = Object.fromEntries(Object.entries(metrics).map(([key, point]) => [key, repr(point)]));
    const artifacts: RunView["artifacts"] = {};
    for (const path of await artifactPaths(store, runId)) artifacts[path] = sha256(await store.readArtifact(runId, path));
    runs.push({
      runId,
      name,
      status,
      startTime,
      endTime,
      parent: tags["mlflow.parentRunId"] ?? null,
      params,
      tags,
      latest,
      histories,
      inputs,
      artifacts,
    });
  }
  return { experiments: (await store.listExperiments()).map(({ name }) => name).sort(), runs };
}

/** Where two views differ, as `path: a, b`; the first ten places. */
export function differences(a: unknown, b: unknown, path = ""): string[] {
  if (Object.is(a, b)) return [];
  if (!isObject(a) || !isObject(b)) return [`${path}: ${JSON.stringify(a)}, ${JSON.stringify(b)}`];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences(a[key], b[key], `${path}/${key}`)).slice(0, 10);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

async function artifactPaths(store: Store, runId: string, directory?: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { path, isDirectory } of await store.listArtifacts(runId, directory))
    paths.push(...(isDirectory ? await artifactPaths(store, runId, path) : [path]));
  return paths;
}

/** Python's `repr` of a float: always with a point or an exponent of two digits at least. */
function repr({ value }: MetricPoint): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
