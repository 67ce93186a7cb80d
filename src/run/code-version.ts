/** @file A hash of the code that decides results: with it, a changed formula is a new result, and a new README is not. */
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { packageRoot } from "../util/files.ts";
import { hashOf, sha256 } from "../util/hash.ts";

/** Folders whose code computes results. Server, page and command line only show them. */
const ROOMS = ["src", "pretrain", "finetune", "analysis"];
const SHOWS_ONLY = /^src\/(cli|testing)\/|\.test\.ts$|(^|\/)fixtures\//;

/** Hash over every source file that decides results, and the lock file of the packages. */
export async function codeVersion(root = packageRoot): Promise<string> {
  const files: [string, string][] = [];
  for (const room of ROOMS)
    for (const entry of await readdir(join(root, room), { recursive: true, withFileTypes: true })) {
      const path = relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
      if (entry.isFile() && /\.(ts|mjs)$/.test(path) && !SHOWS_ONLY.test(path))
        files.push([path, sha256(await readFile(join(root, path)))]);
    }
  files.push(["package-lock.json", sha256(await readFile(join(root, "package-lock.json")))]);
  return hashOf(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}
