/** @file Checks every import of the repository against rooms.ts, for cycles, and for node modules that the browser would meet. */
import { readdirSync } from "node:fs";
import { isBuiltin } from "node:module";
import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { cyclesOf } from "./cycles.ts";
import { readImports, type Import } from "./imports.ts";
import { browserRooms, mayImport, mayImportTypes, testsMayImport } from "./rooms.ts";

/** The room of a path: its first folder, and in src the second too. */
export const roomOf = (path: string): string => path.split("/", path.startsWith("src/") ? 2 : 1).join("/");

/** Imports that cross into a room where they may not. */
export function wrongRooms(imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, line, to, specifier, typeOnly }) => {
    const [here, there] = [roomOf(from), roomOf(to ?? from)];
    const allowed = [
      ...(mayImport[here] ?? []),
      ...(typeOnly ? (mayImportTypes[here] ?? []) : []),
      ...(isTest(from) ? testsMayImport : []),
    ];
    if (here === there || allowed.includes(there)) return [];
    return `${from}:${line} imports ${specifier}: room ${here} may not import room ${there} (allowed: ${allowed.join(", ") || "none"})`;
  });
}

/** Files that import each other in a ring, in types or values. */
export function importCycles(imports: readonly Import[]): string[] {
  const graph = new Map<string, string[]>();
  for (const { from, to } of imports) if (to) graph.set(from, [...(graph.get(from) ?? []), to]);
  return cyclesOf(graph).map((files) => `import cycle: ${files.join(", ")}`);
}

/** `node:` modules in files that the browser loads: those of its rooms, and all that they import as values. */
export function nodeInBrowser(imports: readonly Import[]): string[] {
  const reached = new Map<string, string>();
  const values = imports.filter(({ from, typeOnly }) => !typeOnly && !isTest(from) && !isTool(from));
  for (const { from } of values) if (browserRooms.includes(roomOf(from))) reached.set(from, roomOf(from));
  for (const [file, room] of reached) for (const { from, to } of values) if (from === file && to && !reached.has(to)) reached.set(to, room);
  return values
    .filter(({ from, specifier }) => reached.has(from) && isBuiltin(specifier))
    .map(({ from, line, specifier }) => `${from}:${line} imports ${specifier}: the browser loads this file for room ${reached.get(from)}`);
}

/** A test, or what only tests use: fixtures, and the testing folder of a room. */
const isTest = (file: string): boolean => /\.test\.tsx?$|\/(testing|fixtures)\/|\/e2e\.ts$/.test(file);
/** Build scripts that sit in a browser room but run in node. */
const isTool = (file: string): boolean => /\.mjs$|\/vite\.config\.ts$/.test(file);

/** All faults of the tree below `root`. */
export function layerFaults(root: string): string[] {
  const files = Object.keys(mayImport)
    .map((room) => room.split("/")[0])
    .filter((folder, i, all) => all.indexOf(folder) === i)
    .flatMap((folder) =>
      readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file.replaceAll(sep, "/")}`),
    )
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/\/(node_modules|dist)\//.test(file));
  const imports = readImports(root, files);
  const strangers = files.filter((file) => !mayImport[roomOf(file)]).map((file) => `${file}: room ${roomOf(file)} is not in .ci/rooms.ts`);
  return [...strangers, ...wrongRooms(imports), ...importCycles(imports), ...nodeInBrowser(imports)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = layerFaults(resolve(import.meta.dirname, ".."));
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
