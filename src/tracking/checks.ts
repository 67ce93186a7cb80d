/** @file What MLflow takes: keys, lengths, whole numbers. Checked before anything is written or sent, the same for every store. */
import { UserError } from "../util/user-error.ts";
import type { DatasetInput, Experiment, MetricPoint } from "./store.ts";

/** Characters. Longer values are cut by servers without a word, so they are refused here. */
export const LIMITS = { key: 250, param: 6000, tag: 8000, name: 500, digest: 36 } as const;

/** Letters and digits of any script, "_", "-", ".", ":", space, and "/" between parts. No part is empty or starts with a dot (such files are other programs'). */
export function isKey(key: string): boolean {
  return key.length <= LIMITS.key && /^[\p{L}\p{N}_.\- :/]+$/u.test(key) && key.split("/").every((part) => /^[^.]/.test(part));
}

/** @throws UserError where MLflow would refuse the key */
export function checkKey(kind: "metric" | "param" | "tag", key: string): void {
  if (isKey(key)) return;
  const cure = `use at most ${LIMITS.key} letters, digits, "_", "-", ".", ":" and spaces, with "/" between parts and no dot at the start of a part`;
  throw new UserError(`${kind} key ${JSON.stringify(key)} cannot be stored in MLflow: ${cure}`);
}

/** @throws UserError where MLflow would refuse a key or cut a value */
export function checkEntries(kind: "param" | "tag", entries: Record<string, string>): void {
  for (const [key, value] of Object.entries(entries)) {
    checkKey(kind, key);
    if (value.length > LIMITS[kind])
      throw new UserError(
        `${kind} ${key} has ${value.length} characters, MLflow keeps ${LIMITS[kind]}: log the value as an artifact and its name or hash as the ${kind}`,
      );
  }
}

/** A fractional time or step is stored as 0 by servers, without an error. @throws UserError, RangeError */
export function checkPoints(points: readonly MetricPoint[]): void {
  for (const { key, timestamp, step } of points) {
    checkKey("metric", key);
    checkInteger(`logMetrics: timestamp of ${key}`, timestamp);
    checkInteger(`logMetrics: step of ${key}`, step);
  }
}

/** @throws RangeError */
export function checkInteger(what: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${what} must be an integer, got ${value}`);
}

/** @throws UserError */
export function checkExperimentName(name: string): void {
  if (name === "" || name.length > LIMITS.name)
    throw new UserError(`experiment name ${JSON.stringify(name.slice(0, 40))} has ${name.length} characters: use 1 to ${LIMITS.name}`);
}

/** @throws UserError */
export function checkDatasets(datasets: readonly DatasetInput[]): void {
  for (const { name, digest } of datasets) {
    if (name === "" || name.length > LIMITS.name)
      throw new UserError(`dataset name ${JSON.stringify(name.slice(0, 40))} has ${name.length} characters: use 1 to ${LIMITS.name}`);
    if (digest === "" || digest.length > LIMITS.digest)
      throw new UserError(
        `digest ${JSON.stringify(digest)} of dataset ${name} has ${digest.length} characters: use 1 to ${LIMITS.digest}, for example the start of a hash`,
      );
  }
}

/** The error for the first param that differs, if one does. */
export function paramConflict(runId: string, held: Record<string, string>, wanted: Record<string, string>): UserError | undefined {
  const key = Object.keys(wanted).find((name) => Object.hasOwn(held, name) && held[name] !== wanted[name]);
  if (key === undefined) return undefined;
  return new UserError(
    `param ${key} of run ${runId} is ${shown(held[key])} and cannot become ${shown(wanted[key])}: params never change, start a new run`,
    { status: 409 },
  );
}

const shown = (value: string): string => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);

export function trashed({ experimentId, name }: Experiment, store: string): UserError {
  const cure = `bring it back with "mlflow experiments restore -x ${experimentId}", or choose another name`;
  return new UserError(`experiment ${JSON.stringify(name)} is in the trash of ${store}: ${cure}`, { status: 409 });
}
