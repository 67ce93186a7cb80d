/**
 * @file The `meta.yaml` files of MLflow's file store. MLflow reads them with YAML 1.1, where an unquoted run name `42`, `yes`
 * or `2026-01-02` stops being a string and breaks every listing: so each string is quoted.
 */
import { parse, stringify } from "yaml";
import { STATUSES } from "./layout.ts";
import type { Experiment, RunInfo, RunStatus, RunUpdate } from "./store.ts";

export type Meta = Record<string, unknown>;

/** Keys sorted, strings in double quotes, characters escaped that YAML 1.1 forbids or takes for line breaks. */
export function toYaml(meta: Meta): string {
  const yaml = stringify(meta, {
    version: "1.1",
    sortMapEntries: true,
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    lineWidth: 0,
  });
  return yaml.replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** @throws Error where the text is no YAML mapping */
export function fromYaml(yaml: string): Meta {
  const value: unknown = parse(yaml, { version: "1.1", intAsBigInt: true });
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new TypeError("meta.yaml: must hold a mapping");
  return value as Meta;
}

/** Text of a field, also where another writer left a number or a word like `yes` unquoted. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean" ? String(value) : "";
}
const stage = (value: unknown): "active" | "deleted" => (value === "deleted" ? "deleted" : "active");

export function experimentMeta(experiment: Experiment, createdAt: number): Meta {
  return {
    experiment_id: experiment.experimentId,
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: experiment.lifecycleStage,
    creation_time: createdAt,
    last_update_time: createdAt,
  };
}

/** @throws RangeError where the folder's name is another id: MLflow passes over such an experiment */
export function toExperiment(meta: Meta, experimentId: string): Experiment {
  if (text(meta.experiment_id) !== experimentId)
    throw new RangeError(`meta.yaml: experiment_id must be ${experimentId}, got ${text(meta.experiment_id)}`);
  return {
    experimentId,
    name: text(meta.name),
    artifactLocation: text(meta.artifact_location),
    lifecycleStage: stage(meta.lifecycle_stage),
  };
}

export function runMeta(info: RunInfo, userId: string): Meta {
  return {
    run_id: info.runId,
    experiment_id: info.experimentId,
    run_name: info.name,
    user_id: userId,
    artifact_uri: info.artifactUri,
    status: STATUSES.indexOf(info.status) + 1,
    start_time: info.startTime,
    end_time: info.endTime,
    lifecycle_stage: info.lifecycleStage,
    deleted_time: null,
    // constants that MLflow still writes
    source_type: 4,
    source_name: "",
    source_version: "",
    entry_point_name: "",
    tags: [],
  };
}

/** @throws RangeError where id or status make no sense */
export function toRunInfo(meta: Meta, place: { runId: string; experimentId: string }): RunInfo {
  if (text(meta.run_id) !== place.runId) throw new RangeError(`meta.yaml: run_id must be ${place.runId}, got ${text(meta.run_id)}`);
  const status = STATUSES[Number(meta.status ?? 1) - 1] ?? STATUSES.find((known): known is RunStatus => known === meta.status);
  if (!status) throw new RangeError(`meta.yaml: status must be 1 to ${STATUSES.length}, got ${text(meta.status)}`);
  return {
    runId: place.runId,
    experimentId: place.experimentId,
    name: text(meta.run_name),
    status,
    startTime: Number(meta.start_time ?? 0),
    endTime: meta.end_time === null || meta.end_time === undefined ? null : Number(meta.end_time),
    artifactUri: text(meta.artifact_uri),
    lifecycleStage: stage(meta.lifecycle_stage),
  };
}

/** The mapping with a change; keys that we do not know stay. */
export function changedRunMeta(meta: Meta, update: RunUpdate): Meta {
  return {
    ...meta,
    ...(update.status === undefined ? {} : { status: STATUSES.indexOf(update.status) + 1 }),
    ...(update.endTime === undefined ? {} : { end_time: update.endTime }),
    ...(update.name === undefined ? {} : { run_name: update.name }),
  };
}
