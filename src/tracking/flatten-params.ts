/** @file A nested config as MLflow params: one dotted key a leaf, arrays as JSON. */
import { sha256 } from "../util/hash.ts";
import { UserError } from "../util/user-error.ts";
import { checkKey, LIMITS } from "./checks.ts";

/**
 * `{ encoder: { width: 16, stages: [1, 1] } }` → `{ "encoder.width": "16", "encoder.stages": "[1,1]" }`. Undefined leaves are left out.
 * A value longer than MLflow keeps becomes its hash: the caller logs the whole config as an artifact, too.
 * @throws UserError where two keys of the config give one param
 */
export function flattenParams(config: Record<string, unknown>): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [path, value] of leaves(config)) {
    const key = path.map(cleaned).join(".");
    checkKey("param", key);
    if (Object.hasOwn(params, key))
      throw new UserError(
        `param ${key} would hold two settings of the config: rename one of the keys that differ only in special characters`,
      );
    params[key] = value.length <= LIMITS.param ? value : `sha256:${sha256(value)} (${value.length} characters)`;
  }
  return params;
}

/** "/" would make a folder of a key and clash with a param of the folder's name, so it goes, too. */
const cleaned = (part: string): string => part.replace(/[^\p{L}\p{N}_.\- :]/gu, "_").replace(/^\.*$|^\./, "_");

function* leaves(value: object, path: readonly string[] = []): Generator<[readonly string[], string]> {
  for (const [key, leaf] of Object.entries(value)) {
    const here = [...path, key];
    if (leaf === undefined) continue;
    if (isBranch(leaf)) yield* leaves(leaf, here);
    else yield [here, typeof leaf === "string" ? leaf : typeof leaf === "object" && leaf !== null ? JSON.stringify(leaf) : String(leaf)];
  }
}

const isBranch = (value: unknown): value is object =>
  value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length > 0;
