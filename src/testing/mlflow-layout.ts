/** @file The rules of MLflow's file store, read from a folder without any code of ours: what would break a listing or a migration there. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const RUN_KEYS = ["artifact_uri", "end_time", "experiment_id", "lifecycle_stage", "run_id", "run_name", "start_time", "status", "user_id"];

/** Broken rules, each with its file; [] for a store that MLflow reads whole. */
export function layoutFaults(root: string): string[] {
  const faults: string[] = [];
  const need = (rule: boolean, fault: string): void => void (rule || faults.push(fault));
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  need(existsSync(join(root, "0", "meta.yaml")), `${root}: no Default experiment`);
  need(existsSync(join(root, ".trash")), `${root}: no .trash`);
  const names = new Set<unknown>();
  for (const { name: id } of folders.filter(({ name }) => name !== ".trash")) {
    const path = join(root, id);
    need(/^(0|\d{18})$/.test(id), `${path}: no id of 18 digits`);
    const meta = readMeta(path, faults);
    need(meta?.experiment_id === id, `${path}: another experiment_id`);
    need(typeof meta?.name === "string" && !names.has(meta.name), `${path}: name is no string or taken`);
    names.add(meta?.name);
    need(typeof meta?.artifact_location === "string", `${path}: no artifact_location`);
    need(meta?.lifecycle_stage === "active", `${path}: not active`);
    const runs = readdirSync(path).filter((name) => !name.startsWith(".") && !["meta.yaml", "tags", "datasets"].includes(name));
    for (const run of runs) faults.push(...runFaults(join(path, run), id, run));
  }
  return faults;
}

function runFaults(path: string, experimentId: string, runId: string): string[] {
  const faults: string[] = [];
  const need = (rule: boolean, fault: string): void => void (rule || faults.push(`${path}: ${fault}`));
  need(/^[0-9a-f]{32}$/.test(runId), "no run id of 32 hex digits");
  const meta = readMeta(path, faults);
  if (!meta) return faults;
  need(
    RUN_KEYS.every((key) => key in meta),
    `meta.yaml lacks a key of ${RUN_KEYS.join(", ")}`,
  );
  need(meta.run_id === runId && meta.experiment_id === experimentId, "meta.yaml has other ids");
  need(typeof meta.run_name === "string" && typeof meta.user_id === "string", "name or user is no string");
  need(Number.isInteger(meta.status) && Number(meta.status) >= 1 && Number(meta.status) <= 5, "status is none of 1 to 5");
  need(Number.isInteger(meta.start_time) && (meta.end_time === null || Number.isInteger(meta.end_time)), "a time is no integer");
  for (const folder of ["metrics", "params", "artifacts"]) need(existsSync(join(path, folder)), `no ${folder}/`);
  for (const folder of ["metrics", "params", "tags"])
    for (const key of entries(join(path, folder)))
      need(/^[\p{L}\p{N}_.\- :/]+$/u.test(key) && !/(^|\/)\./.test(key), `stray file ${folder}/${key}`);
  for (const key of entries(join(path, "metrics"))) {
    const lines = readFileSync(join(path, "metrics", key), "utf8").split("\n");
    need(lines.length > 1, `metrics/${key} is empty or torn`);
    need(lines.pop() === "", `metrics/${key} ends with a torn line`);
    need(new Set(lines).size === lines.length, `metrics/${key} has a point twice`);
    for (const line of lines) need(/^\d+ (nan|-?inf|-?[\d.]+(e[+-]\d+)?) -?\d+$/.test(line), `metrics/${key} has the line "${line}"`);
  }
  for (const input of existsSync(join(path, "inputs")) ? readdirSync(join(path, "inputs")) : [])
    readMeta(join(path, "inputs", input), faults);
  return faults;
}

function readMeta(folder: string, faults: string[]): Record<string, unknown> | undefined {
  const path = join(folder, "meta.yaml");
  try {
    return parse(readFileSync(path, "utf8"), { version: "1.1" }) as Record<string, unknown>;
  } catch (error) {
    faults.push(`${path}: ${String(error)}`);
    return undefined;
  }
}

function entries(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(folder, name)).isFile());
}
