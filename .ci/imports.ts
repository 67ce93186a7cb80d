/** @file Which file imports what: read from the syntax tree, so that comments and strings cannot mislead. */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync, Visitor } from "vite";

export interface Import {
  /** path of the importing file, from the repository's root, with "/" */
  from: string;
  line: number;
  specifier: string;
  /** path of the imported file; undefined for a package */
  to: string | undefined;
  /** gone after compilation: `import type`, `export type`, `import("…").Name` */
  typeOnly: boolean;
}

/** Every import of a source text: static, `export … from`, dynamic with a literal, and in types. */
export function importsOf(from: string, source: string): Import[] {
  const found: Import[] = [];
  const { program, errors } = parseSync(from, source);
  if (errors.length > 0) throw new SyntaxError(`${from}: ${errors[0].message}`);
  const add = (target: { type: string; value?: unknown; start: number } | null, typeOnly: boolean) => {
    if (target?.type !== "Literal" || typeof target.value !== "string") return;
    const specifier = target.value;
    const line = source.slice(0, target.start).split("\n").length;
    const to = specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : undefined;
    found.push({ from, line, specifier, to, typeOnly });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.importKind === "type"),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === "type"),
    ExportNamedDeclaration: (node) => add(node.source, node.exportKind === "type"),
    ImportExpression: (node) => add(node.source, false),
    TSImportType: (node) => add(node.source, true),
  }).visit(program);
  return found;
}

/** The imports of `files` (paths from `root`). */
export function readImports(root: string, files: readonly string[]): Import[] {
  return files.flatMap((file) => importsOf(file, readFileSync(join(root, file), "utf8")));
}
