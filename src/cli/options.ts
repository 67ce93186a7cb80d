/** @file Options that commands share: --store, --json, whole numbers. */
import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { join } from "node:path";
import { openStore } from "../tracking/open-store.ts";
import type { Store } from "../tracking/store.ts";
import { packageRoot } from "../util/files.ts";

export const storeOption = () =>
  new Option(
    "--store <uri>",
    "tracking store: a folder, file:// or http(s):// of an MLflow server (default: $MLFLOW_TRACKING_URI, else mlruns/ of the repository)",
  );
export const jsonOption = () => new Option("--json", "one JSON document on stdout, everything else on stderr");

/** Opens the store that an option, the environment or the default names. */
export function storeOf(uri: string | undefined): Store {
  return openStore(uri || process.env.MLFLOW_TRACKING_URI || join(packageRoot, "mlruns"), { now: Date.now });
}

/** Prints a result: as JSON, or as text for people. */
export function print(json: boolean | undefined, value: unknown, text: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`);
}

/** A whole number. */
export function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  return Number(text);
}

/** A whole number of at least 1. */
export function count(text: string): number {
  if (integer(text) < 1) throw new InvalidArgumentError(`"${text}" is less than 1.`);
  return Number(text);
}
