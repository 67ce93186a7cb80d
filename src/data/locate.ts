/** @file From `reader:path`, or a path alone, to a folder and the reader that takes it. */
import { isAbsolute, join, resolve } from "node:path";
import { packageRoot } from "../util/files.ts";
import { nearest } from "../util/suggest.ts";
import { UserError } from "../util/user-error.ts";
import type { Reader } from "./manifest.ts";
import { isFolder, subFolders } from "./readers/listing.ts";
import { readers } from "./readers/registry.ts";

export interface Located {
  reader: Reader;
  /** absolute */
  root: string;
  /** which reader takes the folder, and why */
  why: string;
}

/** The folder that `path` means: from the working folder, else from the package, where the sample lies. */
async function folderOf(path: string): Promise<string> {
  const candidates = isAbsolute(path) ? [path] : [resolve(path), resolve(packageRoot, path)];
  for (const candidate of candidates) if (await isFolder(candidate)) return candidate;
  throw new UserError(`no such folder: ${candidates[0]}; check the path of the data set`, { status: 404 });
}

function readerNamed(name: string): Reader {
  const reader = readers.find((candidate) => candidate.name === name);
  if (reader) return reader;
  const names = readers.map((candidate) => candidate.name);
  const near = nearest(name, names);
  throw new UserError(`no reader is called "${name}": ${near ? `did you mean "${near}"?` : `readers are ${names.join(", ")}`}`);
}

/** The first of `candidates` that recognises the folder, or its only sub-folder: archives often wrap a data set in one. */
async function recognise(folder: string, candidates: readonly Reader[]): Promise<Located | undefined> {
  const inner = await subFolders(folder);
  const roots = inner.length === 1 ? [folder, join(folder, inner[0])] : [folder];
  for (const reader of candidates)
    for (const root of roots) {
      const reason = await reader.recognises(root);
      if (reason !== undefined) return { reader, root, why: `${reader.name} reads ${root}: it ${reason}` };
    }
  return undefined;
}

/** @throws UserError for a folder that is not there, an unknown reader, or a layout that nobody recognises */
export async function locate(source: string): Promise<Located> {
  const [, name, path] = /^([a-z][a-z0-9-]+):(.+)$/.exec(source) ?? [undefined, undefined, source];
  const asked = name === undefined ? undefined : readerNamed(name);
  const folder = await folderOf(path);
  const found = await recognise(folder, asked ? [asked] : readers);
  if (found) return found;
  // a reader that was asked for says itself what it misses
  if (asked) return { reader: asked, root: folder, why: `${asked.name} reads ${folder}: it was asked for` };
  const names = readers.map((reader) => reader.name).join(", ");
  throw new UserError(
    `${folder}: no reader recognises this folder (${names}); give a data set as downloaded, or a folder with a sub-folder of images for each class`,
    { status: 422 },
  );
}
