/** @file The settings of a schema as a table of path, default and meaning, for --help. */
import { z } from "zod";
import { studySchema } from "../config/study.ts";

interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, Node>;
  oneOf?: Node[];
  anyOf?: Node[];
  const?: unknown;
}

/** One line a setting: `path=default  meaning`. */
export function describeSettings(schema: z.ZodType = studySchema): string {
  const rows: [string, string][] = [];
  const walk = (node: Node, path: string, inherited: unknown): void => {
    const value = inherited ?? node.default;
    const members = node.properties ? [node] : (node.oneOf ?? []).filter((member) => member.properties);
    if (members.length === 0) {
      if (node.description) rows.push([value === undefined ? path : `${path}=${JSON.stringify(value)}`, node.description]);
      return;
    }
    for (const member of members)
      for (const [key, child] of Object.entries(member.properties!))
        walk(child, path ? `${path}.${key}` : key, (value as Record<string, unknown> | undefined)?.[key]);
  };
  walk(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node, "", undefined);
  const width = Math.min(52, Math.max(...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
