/** @file Parses a config against its schema; every complaint is one sentence with path, value seen and cure. */
import { z } from "zod";
import { nearest } from "../util/suggest.ts";
import { UserError } from "../util/user-error.ts";

/** The value at `path` inside `input`, for error messages. */
function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (v, key) => (v !== null && typeof v === "object" ? (v as Record<PropertyKey, unknown>)[key] : undefined),
    input,
  );
}

/** The keys that the schema knows at `path`; empty where it cannot be told. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  type Node = { properties?: Record<string, Node>; items?: Node; oneOf?: Node[]; anyOf?: Node[] };
  let nodes: Node[] = [z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node];
  const open = (node: Node): Node[] => [node, ...(node.oneOf ?? []).flatMap(open), ...(node.anyOf ?? []).flatMap(open)];
  for (const key of path) {
    nodes = nodes
      .flatMap(open)
      .flatMap((node) =>
        typeof key === "number" ? (node.items ? [node.items] : []) : node.properties?.[String(key)] ? [node.properties[String(key)]] : [],
      );
  }
  return [...new Set(nodes.flatMap(open).flatMap((node) => Object.keys(node.properties ?? {})))];
}

function sentence(schema: z.ZodType, input: unknown, issue: z.core.$ZodIssue): string {
  const where = issue.path.join(".") || "(top level)";
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, issue.path);
    return issue.keys
      .map((key) => {
        const near = nearest(key, known);
        const cure = near ? `did you mean "${near}"?` : known.length > 0 ? `known keys: ${known.join(", ")}` : "remove it";
        return `unknown key "${[...issue.path, key].join(".")}": ${cure}`;
      })
      .join("; ");
  }
  const seen = valueAt(input, issue.path);
  return `${where}: ${issue.message}${seen === undefined ? "" : `, got ${JSON.stringify(seen)}`}`;
}

/**
 * Parses `input`; defaults are filled in.
 * @param what names the thing in the error: "study experiments/demo.ts"
 * @throws UserError with one sentence that lists every issue
 */
export function parseConfig<S extends z.ZodType>(schema: S, input: unknown, what: string): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new UserError(`${what}: ${result.error.issues.map((issue) => sentence(schema, input, issue)).join("; ")}`, { status: 422 });
}

/**
 * Applies `--set path=value` on a plain config value and returns a new one.
 * The value is read as JSON where it is JSON, as text otherwise; the schema judges it afterwards.
 */
export function applyOverrides(input: unknown, overrides: readonly string[]): unknown {
  const copy = structuredClone(input) as Record<string, unknown>;
  for (const override of overrides) {
    const at = override.indexOf("=");
    if (at < 1) throw new UserError(`--set ${override}: must read path=value, for example --set finetune.epochs=10`);
    const path = override.slice(0, at).split(".");
    if (path.some((key) => key === "" || key === "__proto__" || key === "constructor" || key === "prototype"))
      throw new UserError(`--set ${override}: "${override.slice(0, at)}" is not a path of setting names`);
    let node = copy;
    for (const key of path.slice(0, -1))
      node = (typeof node[key] === "object" && node[key] !== null ? node[key] : (node[key] = {})) as Record<string, unknown>;
    node[path.at(-1)!] = jsonOrText(override.slice(at + 1));
  }
  return copy;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
