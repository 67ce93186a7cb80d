/** @file Names in MLflow's file store: folders, ids, statuses. */
import { sha256 } from "../util/hash.ts";
import type { RunStatus } from "./store.ts";

export const META = "meta.yaml";
export const TRASH = ".trash";
export const DEFAULT_EXPERIMENT_ID = "0";
/** Without these three MLflow says "Run not found". */
export const RUN_FOLDERS = ["metrics", "params", "artifacts"] as const;
/** Folders of an experiment that are no runs. */
const RESERVED = new Set(["tags", "datasets", "traces", "models"]);

/** In `meta.yaml` a status is its place in this list, from 1. */
export const STATUSES: readonly RunStatus[] = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

export const isExperimentId = (name: string): boolean => /^[a-zA-Z0-9][\w-]{0,63}$/.test(name) && name !== "models";
export const isRunId = (name: string): boolean => /^[a-zA-Z0-9][\w-]{0,255}$/.test(name) && !RESERVED.has(name);

/**
 * The id of a new experiment: 18 digits, as MLflow makes them, but from the name. Two processes that make one experiment
 * at once meet in one folder, and stores of two machines can be merged by copying. `attempt` counts ids found taken.
 */
export function experimentIdOf(name: string, attempt: number): string {
  const bits = BigInt(`0x${sha256(`${attempt} ${name}`).slice(0, 15)}`);
  return String(10n ** 17n + (bits % (9n * 10n ** 17n)));
}
