/** @file From a tracking URI to a store. */
import { fileURLToPath } from "node:url";
import { UserError } from "../util/user-error.ts";
import { openFileStore } from "./file-store.ts";
import { openHttpStore } from "./http-store.ts";
import type { Store, StoreOptions } from "./store.ts";

/**
 * Opens the store that `uri` names: a folder, as a path or `file:` URL, or an MLflow server's `http(s):` URL.
 * @throws UserError for anything else
 */
export function openStore(uri: string, options: StoreOptions): Store {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1]?.toLowerCase(); // two letters at least: `C:\` is a path
  if (scheme === undefined && uri !== "") return openFileStore(uri, options);
  if (scheme === "file") return openFileStore(pathOf(uri), options);
  if (scheme === "http" || scheme === "https") return openHttpStore(uri, options);
  const database = /^(sqlite|postgresql|mysql|mssql)\b/.test(scheme ?? "");
  const cure = database
    ? `run "mlflow server --backend-store-uri ${uri}" and give the URL that it prints`
    : `give a folder, a file: URL, or the http(s): URL of an MLflow server`;
  throw new UserError(`store ${JSON.stringify(uri)} cannot be opened: ${cure}`);
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(/^file:\/\//i.test(uri) ? uri : `file://${uri.slice("file:".length)}`);
  } catch (error) {
    throw new UserError(`store ${JSON.stringify(uri)} is no local folder: write it like file:///data/mlruns`, { cause: error });
  }
}
