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

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  oneOf?: Node[];
  anyOf?: Node[];
  const?: unknown;
}

/** The schemas that may hold at `path` of `input`; of a union's members those that its `name` chooses. */
function nodesAt(schema: z.ZodType, input: unknown, path: readonly PropertyKey[]): Node[] {
  let nodes = members(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node, input);
  path.forEach((key, i) => {
    const value = valueAt(input, path.slice(0, i + 1));
    const below = nodes.flatMap((node) => (typeof key === "number" ? node.items : node.properties?.[String(key)]) ?? []);
    nodes = below.flatMap((node) => members(node, value));
  });
  return nodes;
}

function members(node: Node, value: unknown): Node[] {
  const all = node.oneOf ?? node.anyOf;
  if (!all) return [node];
  const name = (value as { name?: unknown } | null | undefined)?.name;
  const chosen = all.filter((member) => member.properties?.name?.const === name && name !== undefined);
  return (chosen.length > 0 ? chosen : all).flatMap((member) => members(member, value));
}

function sentence(schema: z.ZodType, input: unknown, issue: z.core.$ZodIssue): string {
  const where = issue.path.join(".") || "(top level)";
  if (issue.code === "unrecognized_keys") {
    const known = [...new Set(nodesAt(schema, input, issue.path).flatMap((node) => Object.keys(node.properties ?? {})))];
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
 * Applies `--set path=value` on a config value with its defaults filled in, and returns a new one.
 * The value is read as JSON where it is JSON, as text otherwise; the schema judges it afterwards.
 * A new `name` of a method leaves nothing of the old method's settings, nor does a new `preset` of the settings before it.
 */
export function applyOverrides(schema: z.ZodType, input: unknown, overrides: readonly string[]): unknown {
  const copy = structuredClone(input) as Record<string, unknown>;
  for (const override of overrides) {
    const at = override.indexOf("=");
    if (at < 1) throw new UserError(`--set ${override}: must read path=value, for example --set finetune.epochs=10`);
    const path = override.slice(0, at).split(".");
    if (path.some((key) => key === "" || key === "__proto__" || key === "constructor" || key === "prototype"))
      throw new UserError(`--set ${override}: "${override.slice(0, at)}" is not a path of setting names`);
    const value = jsonOrText(override.slice(at + 1));
    let node = copy;
    for (const key of path.slice(0, -1))
      node = (typeof node[key] === "object" && node[key] !== null ? node[key] : (node[key] = {})) as Record<string, unknown>;
    const key = path.at(-1)!;
    if ((key === "preset" || (key === "name" && isUnion(schema, copy, path.slice(0, -1)))) && node[key] !== value)
      for (const old of Object.keys(node)) delete node[old];
    node[key] = value;
  }
  return copy;
}

/** Whether the value at `path` is one of several schemas, told apart by `name`. */
const isUnion = (schema: z.ZodType, input: unknown, path: readonly string[]): boolean =>
  nodesAt(schema, input, path).some((node) => node.properties?.name?.const !== undefined);

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
