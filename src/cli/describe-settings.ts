/** @file The settings of a schema as a table of path, default and meaning, for --help. */
import { z } from "zod";
import { studySchema } from "../config/study.ts";

interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, Node>;
  items?: Node;
  oneOf?: Node[];
  anyOf?: Node[];
  const?: unknown;
  enum?: unknown[];
}

/** What a value may be, where the schema lists it: "sgd | adamw". */
function choices(node: Node): string {
  const values = node.enum ?? node.anyOf?.flatMap(({ const: value }) => (value === undefined ? [] : [value])) ?? [];
  return values.length > 1 ? ` (${values.join(" | ")})` : "";
}

/** One line a setting: `path=default  meaning`. A setting of one method only says so. */
export function describeSettings(schema: z.ZodType = studySchema): string {
  const rows: [string, string][] = [];
  const walk = (node: Node, path: string, inherited: unknown, of: string): void => {
    const value = inherited ?? node.default;
    const shown = value === undefined ? path : `${path}=${JSON.stringify(value)}`;
    const members = (node.oneOf ?? []).filter((member) => member.properties?.name?.const !== undefined);
    if (members.length > 0) {
      const name = (value as { name?: unknown } | undefined)?.name;
      rows.push([
        `${path}.name=${String(name)}`,
        `which one (${members.map((member) => String(member.properties!.name.const)).join(" | ")})`,
      ]);
      for (const member of members) {
        const { name: own, ...settings } = member.properties!;
        const chosen = own.const === name ? value : undefined; // the union's default holds for its own member alone
        walkAll(settings, path, chosen, members.length > 1 ? `${String(own.const)}: ` : "");
      }
    } else if (node.properties) walkAll(node.properties, path, value, of);
    else if (node.description) rows.push([shown, of + node.description + choices(node)]);
  };
  const walkAll = (properties: Record<string, Node>, path: string, value: unknown, of: string): void => {
    for (const [key, child] of Object.entries(properties))
      walk(child, path ? `${path}.${key}` : key, (value as Record<string, unknown> | undefined)?.[key], of);
  };
  walk(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node, "", undefined, "");
  const width = Math.min(52, Math.max(...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
