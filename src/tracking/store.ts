/** @file What every tracking back end can do. Names and limits are MLflow's (REST API 2.0). */

export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";

export interface Experiment {
  experimentId: string;
  name: string;
  artifactLocation: string;
  lifecycleStage: "active" | "deleted";
}

/** One point of a metric's history. `timestamp` is ms since 1970, `step` an integer. */
export interface MetricPoint {
  key: string;
  value: number;
  timestamp: number;
  step: number;
}

export interface RunInfo {
  runId: string;
  experimentId: string;
  name: string;
  status: RunStatus;
  /** ms since 1970 */
  startTime: number;
  endTime: number | null;
  artifactUri: string;
  lifecycleStage: "active" | "deleted";
}

export interface Run {
  info: RunInfo;
  params: Record<string, string>;
  tags: Record<string, string>;
  /** The latest point of each metric. */
  metrics: Record<string, MetricPoint>;
  inputs: DatasetInput[];
}

export interface DatasetInput {
  name: string;
  /** at most 36 characters */
  digest: string;
  sourceType: string;
  /** JSON text */
  source: string;
  schema: string | null;
  profile: string | null;
  /** MLflow's `mlflow.data.context` tag: "training", "test" … */
  context: string;
}

export interface RunUpdate {
  status?: RunStatus;
  endTime?: number | null;
  name?: string;
}

export interface RunQuery {
  experimentIds: string[];
  /** Every tag must be there with this value. */
  tags?: Record<string, string>;
  status?: RunStatus[];
  maxResults?: number;
}

export interface ArtifactEntry {
  /** relative to the run's artifact root, "/"-separated */
  path: string;
  isDirectory: boolean;
  size: number | null;
}

/**
 * A tracking store. Every method rejects with UserError for what the user can cure (read-only folder,
 * unknown run, unreachable server) and keeps MLflow's limits (1,000 metrics, 100 params, 100 tags a batch) inside.
 * Many processes may write to one store; a run has one writer at a time.
 */
export interface Store {
  readonly uri: string;
  /** The experiment of this name; made where there is none. @throws UserError where it is in the trash */
  experiment(name: string): Promise<Experiment>;
  /** The active ones, newest first; MLflow's own "Default" is among them. */
  listExperiments(): Promise<Experiment[]>;
  createRun(options: {
    experimentId: string;
    name: string;
    startTime: number;
    parentRunId?: string;
    tags?: Record<string, string>;
  }): Promise<Run>;
  updateRun(runId: string, update: RunUpdate): Promise<void>;
  /** Latest values only; see metricHistory. @throws UserError (404) where there is no such run */
  getRun(runId: string): Promise<Run>;
  /** Newest first. A run that cannot be read is left out, never fatal. */
  searchRuns(query: RunQuery): Promise<Run[]>;
  /** Identical points (timestamp, value and step) are kept once; steps and timestamps are integers. */
  logMetrics(runId: string, points: readonly MetricPoint[]): Promise<void>;
  /** Params never change: the same value again is fine, another one is a UserError. Values over 6,000 characters are refused. */
  logParams(runId: string, params: Record<string, string>): Promise<void>;
  setTags(runId: string, tags: Record<string, string>): Promise<void>;
  logInputs(runId: string, datasets: readonly DatasetInput[]): Promise<void>;
  /** In step order, then by timestamp; [] for a key without points. */
  metricHistory(runId: string, key: string): Promise<MetricPoint[]>;
  /** Writes (or replaces) one artifact, whole or not at all. */
  putArtifact(runId: string, path: string, data: string | Uint8Array): Promise<void>;
  /** Files and folders directly in `directory`, by name; [] where there is no such folder. */
  listArtifacts(runId: string, directory?: string): Promise<ArtifactEntry[]>;
  /** @throws UserError (404) where there is no such artifact, (400) where the path leaves the run */
  readArtifact(runId: string, path: string): Promise<Buffer>;
}

/** Where the clock and new ids come from: library code never reads them itself. */
export interface StoreOptions {
  now: () => number;
  /** A fresh UUID; node's `randomUUID` by default. Ids name runs and drafts, no result depends on them. */
  randomId?: () => string;
}
