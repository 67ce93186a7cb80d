/** @file A data set made by a test, opened in both forms in which people have it: a folder, and the archive as downloaded. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import type { DataFiles } from "../data/files/data-files.ts";
import { openFiles } from "../data/files/open.ts";
import { withFolder, writeFiles } from "./picture-files.ts";

export type Content = Readonly<Record<string, string | Uint8Array>>;

/** The bytes of a zip archive that holds `content`. */
export const zipOf = (content: Content): Uint8Array =>
  zipSync(
    Object.fromEntries(Object.entries(content).map(([path, bytes]) => [path, typeof bytes === "string" ? Buffer.from(bytes) : bytes])),
  );

/** Writes `content` as a folder and as an archive, and calls `body` with the path of each. */
export const inBothForms = (content: Content, body: (path: string) => Promise<void>): Promise<void> =>
  withFolder(async (root) => {
    await writeFiles(join(root, "set"), content);
    await writeFile(join(root, "set.zip"), zipOf(content));
    for (const name of ["set", "set.zip"]) await body(join(root, name));
  });

/** As {@link inBothForms}, with the files opened. */
export const openBothForms = (content: Content, body: (files: DataFiles) => Promise<void>): Promise<void> =>
  inBothForms(content, async (path) => {
    const files = await openFiles(path);
    try {
      await body(files);
    } finally {
      await files.close();
    }
  });

/** Files that are listed and never read, for layouts of many files. */
export const listedFiles = (paths: readonly string[]): DataFiles => ({
  root: "/nowhere",
  list: () => Promise.resolve(paths),
  has: (path) => Promise.resolve(paths.includes(path)),
  read: (path) => Promise.reject(new Error(`${path} is listed only`)),
  close: () => Promise.resolve(),
});
