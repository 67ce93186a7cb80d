/** @file The store on disk: a folder that MLflow 3 opens as it is (`MLFLOW_ALLOW_FILE_STORE=true mlflow ui`). */
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { messageOf, UserError } from "../util/user-error.ts";
import { checkDatasets, checkEntries, checkInteger, checkPoints, isKey } from "./checks.ts";
import { listArtifacts, readArtifact, writeArtifact } from "./file-artifacts.ts";
import { openExperiments } from "./file-experiments.ts";
import {
  createRunFolder,
  readRun,
  readRunInfo,
  readTags,
  updateRunFolder,
  writeInputs,
  writeMetrics,
  writeParams,
  writeTags,
  type RunFiles,
  type RunFolder,
} from "./file-run.ts";
import { isRunId, META } from "./layout.ts";
import { readPoints } from "./metric-file.ts";
import type { Run, RunInfo, RunQuery, Store, StoreOptions } from "./store.ts";

/**
 * Opens the store in folder `root`. Nothing is written before the first experiment is made.
 * @throws UserError where the folder can never be a store that MLflow reads
 */
export function openFileStore(root: string, { now, randomId = randomUUID }: StoreOptions): Store {
  const uri = pathToFileURL(resolve(root)).href;
  const experiments = openExperiments(resolve(root), { now, randomId });
  const files: RunFiles = { tails: new Map(), randomId };
  const located = new Map<string, RunFolder>();

  function locate(runId: string): RunFolder {
    const known = located.get(runId);
    if (known && existsSync(join(known.path, META))) return known;
    const home = isRunId(runId) ? experiments.folders().find(({ path }) => existsSync(join(path, runId, META))) : undefined;
    if (!home)
      throw new UserError(`run ${runId} is not in ${resolve(root)}: check the id and --store (deleted experiments are not searched)`, {
        status: 404,
      });
    const run = { runId, experimentId: home.experimentId, parent: home.path, path: join(home.path, runId) };
    located.set(runId, run);
    return run;
  }

  function infoOf(run: RunFolder): RunInfo {
    try {
      return readRunInfo(run);
    } catch (error) {
      throw new UserError(
        `run ${run.runId} has a broken ${join(run.path, META)} (${messageOf(error)}): mend that file or remove the run's folder`,
        { cause: error },
      );
    }
  }

  /** The first write to a run in this process checks that it is not deleted. */
  const writable = new Set<string>();
  function toWrite(runId: string): RunFolder {
    const run = locate(runId);
    if (!writable.has(runId) && infoOf(run).lifecycleStage === "deleted")
      throw new UserError(`run ${runId} is deleted and takes no more data: restore it in MLflow or start a new run`, { status: 409 });
    writable.add(runId);
    return run;
  }

  async function* runsOf(query: RunQuery): AsyncGenerator<Run> {
    for (const { experimentId, path: parent } of experiments
      .folders()
      .filter((folder) => query.experimentIds.includes(folder.experimentId))) {
      for (const runId of readdirSync(parent).filter(isRunId)) {
        await setImmediate(); // reading is synchronous: a server answers others between two runs
        const found = matching({ runId, experimentId, parent, path: join(parent, runId) }, query);
        if (found) yield found;
      }
    }
  }

  /** Undefined for a run that does not match, and for a folder that is no readable run. */
  function matching(run: RunFolder, query: RunQuery): Run | undefined {
    try {
      const info = readRunInfo(run);
      if (info.lifecycleStage === "deleted" || (query.status && !query.status.includes(info.status))) return undefined;
      const tags = readTags(run);
      if (Object.entries(query.tags ?? {}).some(([key, value]) => tags[key] !== value)) return undefined;
      return readRun(run, info, tags, files);
    } catch {
      return undefined;
    }
  }

  return {
    uri,
    experiment: async (name) => experiments.named(name),
    listExperiments: async () => experiments.list(),

    async createRun({ experimentId, name, startTime, parentRunId, tags = {} }) {
      checkInteger("createRun: startTime", startTime);
      const all = { ...tags, "mlflow.runName": name, ...(parentRunId === undefined ? {} : { "mlflow.parentRunId": parentRunId }) };
      checkEntries("tag", all);
      experiments.get(experimentId);
      const runId = randomId().replaceAll("-", "").toLowerCase();
      const parent = join(resolve(root), experimentId);
      const run: RunFolder = { runId, experimentId, parent, path: join(parent, runId) };
      const artifactUri = pathToFileURL(join(run.path, "artifacts")).href;
      const info: RunInfo = {
        runId,
        experimentId,
        name,
        status: "RUNNING",
        startTime,
        endTime: null,
        artifactUri,
        lifecycleStage: "active",
      };
      createRunFolder(run, info, all, files);
      located.set(runId, run);
      return { info, params: {}, tags: all, metrics: {}, inputs: [] };
    },

    async updateRun(runId, update) {
      if (typeof update.endTime === "number") checkInteger("updateRun: endTime", update.endTime);
      updateRunFolder(toWrite(runId), update, files);
    },

    async getRun(runId) {
      const run = locate(runId);
      return readRun(run, infoOf(run), readTags(run), files);
    },

    async searchRuns(query) {
      const runs: Run[] = [];
      for await (const run of runsOf(query)) runs.push(run);
      runs.sort((a, b) => b.info.startTime - a.info.startTime || (a.info.runId < b.info.runId ? -1 : 1));
      return runs.slice(0, query.maxResults);
    },

    async logMetrics(runId, points) {
      checkPoints(points);
      writeMetrics(toWrite(runId), points, files);
    },

    async logParams(runId, params) {
      checkEntries("param", params);
      writeParams(toWrite(runId), params, files);
    },

    async setTags(runId, tags) {
      checkEntries("tag", tags);
      const run = toWrite(runId);
      writeTags(run, tags, files);
      const name = tags["mlflow.runName"];
      if (name !== undefined) updateRunFolder(run, { name }, files);
    },

    async logInputs(runId, datasets) {
      checkDatasets(datasets);
      writeInputs(toWrite(runId), datasets, files);
    },

    async metricHistory(runId, key) {
      const path = join(locate(runId).path, "metrics", key);
      if (!isKey(key) || !statSync(path, { throwIfNoEntry: false })?.isFile()) return [];
      return readPoints(path, key).sort((a, b) => a.step - b.step || a.timestamp - b.timestamp);
    },

    async putArtifact(runId, path, data) {
      const run = toWrite(runId);
      await writeArtifact(run, infoOf(run), path, data, randomId);
    },

    async listArtifacts(runId, directory = "") {
      const run = locate(runId);
      return listArtifacts(run, infoOf(run), directory);
    },

    async readArtifact(runId, path) {
      const run = locate(runId);
      return readArtifact(run, infoOf(run), path);
    },
  };
}
