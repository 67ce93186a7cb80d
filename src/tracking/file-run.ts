/** @file One run folder of a file store: its meta.yaml, params, tags, metrics and dataset inputs. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { paramConflict } from "./checks.ts";
import { explained, listFiles, moveFolder, placeFile, readEntries, sweepDrafts, withDrafts } from "./disk.ts";
import { META, RUN_FOLDERS } from "./layout.ts";
import { changedRunMeta, fromYaml, runMeta, text, toRunInfo, toYaml, type Meta } from "./meta-yaml.ts";
import { appendPoints, readTail, repairTail, type Tails } from "./metric-file.ts";
import type { DatasetInput, MetricPoint, Run, RunInfo, RunUpdate } from "./store.ts";

export interface RunFolder {
  runId: string;
  experimentId: string;
  /** the experiment's folder */
  parent: string;
  path: string;
}

export interface RunFiles {
  tails: Tails;
  randomId: () => string;
}

const drafting = (run: RunFolder, { randomId }: RunFiles, body: (drafts: string) => void): void =>
  withDrafts(run.parent, run.runId, randomId, body);

/** Drafts the whole folder and renames it, so that no reader meets a run without its three folders and its tags. */
export function createRunFolder(run: RunFolder, info: RunInfo, tags: Record<string, string>, files: RunFiles): void {
  drafting(run, files, (drafts) => {
    const draft = join(drafts, run.runId);
    explained(run.path, () => {
      for (const folder of ["", ...RUN_FOLDERS]) mkdirSync(join(draft, folder));
    });
    placeEntries(drafts, join(draft, "tags"), tags);
    placeFile(drafts, join(draft, META), toYaml(runMeta(info, tags["mlflow.user"] ?? "")), true);
    explained(run.path, () => renameSync(draft, run.path));
  });
}

const readMeta = (folder: string): Meta => fromYaml(readFileSync(join(folder, META), "utf8"));

/** @throws Error where meta.yaml is missing or broken */
export const readRunInfo = (run: RunFolder): RunInfo => toRunInfo(readMeta(run.path), run);

export const readTags = (run: RunFolder): Record<string, string> => readEntries(join(run.path, "tags"));

export function readRun(run: RunFolder, info: RunInfo, tags: Record<string, string>, { tails }: RunFiles): Run {
  const latest = listFiles(join(run.path, "metrics")).flatMap((key) => readTail(tails, join(run.path, "metrics", key), key)?.latest ?? []);
  return {
    info: { ...info, name: info.name || (tags["mlflow.runName"] ?? "") },
    params: readEntries(join(run.path, "params")),
    tags,
    metrics: Object.fromEntries(latest.map((point) => [point.key, point])),
    inputs: readInputs(run),
  };
}

/** Rewrites meta.yaml and mends what a killed writer left: torn metric lines, drafts. */
export function updateRunFolder(run: RunFolder, update: RunUpdate, files: RunFiles): void {
  for (const key of listFiles(join(run.path, "metrics")))
    explained(run.path, () => repairTail(files.tails, join(run.path, "metrics", key), key));
  explained(run.parent, () => sweepDrafts(run.parent, run.runId));
  if (update.name !== undefined) writeTags(run, { "mlflow.runName": update.name }, files);
  const meta = toYaml(changedRunMeta(readMeta(run.path), update));
  drafting(run, files, (drafts) => placeFile(drafts, join(run.path, META), meta, true));
}

export function writeMetrics(run: RunFolder, points: readonly MetricPoint[], files: RunFiles): void {
  const base = join(run.path, "metrics");
  for (const key of new Set(points.map((point) => point.key))) {
    const path = join(base, key);
    const own = points.filter((point) => point.key === key);
    explained(path, () =>
      appendPoints(files.tails, path, key, own, (lines) => drafting(run, files, (drafts) => placeFile(drafts, path, lines))),
    );
  }
}

export function writeParams(run: RunFolder, params: Record<string, string>, files: RunFiles): void {
  const base = join(run.path, "params");
  const held = Object.fromEntries(
    Object.keys(params)
      .map((key) => [key, join(base, key)] as const)
      .filter(([, path]) => existsSync(path))
      .map(([key, path]) => [key, explained(path, () => readFileSync(path, "utf8"))]),
  );
  const conflict = paramConflict(run.runId, held, params);
  if (conflict) throw conflict;
  const fresh = Object.entries(params).filter(([key]) => !Object.hasOwn(held, key));
  if (fresh.length > 0) drafting(run, files, (drafts) => placeEntries(drafts, base, Object.fromEntries(fresh)));
}

export function writeTags(run: RunFolder, tags: Record<string, string>, files: RunFiles): void {
  drafting(run, files, (drafts) => placeEntries(drafts, join(run.path, "tags"), tags));
}

function placeEntries(drafts: string, base: string, entries: Record<string, string>): void {
  for (const [key, value] of Object.entries(entries)) placeFile(drafts, join(base, key), value);
}

const md5 = (...parts: string[]): string => createHash("md5").update(parts.join("")).digest("hex");

/** Dataset and input ids are MLflow's hashes, so logging one dataset twice changes nothing. */
export function writeInputs(run: RunFolder, datasets: readonly DatasetInput[], files: RunFiles): void {
  drafting(run, files, (drafts) => {
    for (const dataset of datasets) {
      const datasetId = md5(dataset.name, dataset.digest);
      const { name, digest, source, schema, profile } = dataset;
      placeMeta(drafts, join(run.parent, "datasets"), datasetId, {
        name,
        digest,
        source_type: dataset.sourceType,
        source,
        schema,
        profile,
      });
      placeMeta(drafts, join(run.path, "inputs"), md5(datasetId, run.runId), {
        source_type: "DATASET",
        source_id: datasetId,
        destination_type: "RUN",
        destination_id: datasetId, // MLflow repeats the source here
        tags: { "mlflow.data.context": dataset.context },
      });
    }
  });
}

/** A folder with one meta.yaml, made whole; the first one to stand there stays. */
function placeMeta(drafts: string, base: string, id: string, meta: Meta): void {
  if (existsSync(join(base, id, META))) return;
  const draft = join(drafts, id);
  explained(base, () => {
    mkdirSync(draft);
    placeFile(drafts, join(draft, META), toYaml(meta), true);
    mkdirSync(base, { recursive: true });
    moveFolder(draft, join(base, id));
  });
}

function readInputs(run: RunFolder): DatasetInput[] {
  const base = join(run.path, "inputs");
  if (!existsSync(base)) return [];
  return readdirSync(base)
    .sort()
    .flatMap((id) => {
      try {
        const input = readMeta(join(base, id));
        if (input.source_type !== "DATASET") return [];
        const dataset = readMeta(join(run.parent, "datasets", text(input.source_id)));
        const tags = (input.tags ?? {}) as Meta;
        return [
          {
            name: text(dataset.name),
            digest: text(dataset.digest),
            sourceType: text(dataset.source_type),
            source: text(dataset.source),
            schema: text(dataset.schema) || null,
            profile: text(dataset.profile) || null,
            context: text(tags["mlflow.data.context"]),
          },
        ];
      } catch {
        return []; // an input that cannot be read hides nothing else
      }
    });
}
