/** @file From `reader:path`, or a path alone, to files and the reader that takes them. */
import { isAbsolute, resolve } from "node:path";
import { packageRoot } from "../util/files.ts";
import { nearest } from "../util/suggest.ts";
import { UserError } from "../util/user-error.ts";
import { within, type DataFiles } from "./files/data-files.ts";
import { exists, openFiles } from "./files/open.ts";
import type { Reader } from "./manifest.ts";
import { topFolders } from "./readers/listing.ts";
import { readers } from "./readers/registry.ts";

export interface Located {
  reader: Reader;
  files: DataFiles;
  /** which reader takes the files, and why */
  why: string;
}

/** What `path` means: from the working folder, else from the package, where the sample lies. @throws UserError (404) where nothing is */
export async function resolvePath(path: string): Promise<string> {
  const candidates = isAbsolute(path) ? [resolve(path)] : [resolve(path), resolve(packageRoot, path)];
  for (const candidate of candidates) if (await exists(candidate)) return candidate;
  throw new UserError(`no such folder or file: ${candidates[0]}; check the path of the data set`, { status: 404 });
}

/** @throws UserError that suggests the reader that was probably meant */
export function readerNamed(name: string): Reader {
  const reader = readers.find((candidate) => candidate.name === name);
  if (reader) return reader;
  const names = readers.map((candidate) => candidate.name);
  const near = nearest(name, names);
  throw new UserError(`no reader is called "${name}": ${near ? `did you mean "${near}"?` : `readers are ${names.join(", ")}`}`);
}

/** The files, and those below their only folder, and so on: downloads often wrap a data set in one or two. */
async function wrappings(files: DataFiles): Promise<DataFiles[]> {
  const views = [files];
  for (let view = files, depth = 0; depth < 3; depth++) {
    const folders = topFolders(await view.list());
    if (folders.length !== 1) break;
    views.push((view = within(view, folders[0])));
  }
  return views;
}

/** The first of `candidates` that recognises the files or what they wrap. */
async function recognise(files: DataFiles, candidates: readonly Reader[]): Promise<Located | undefined> {
  const views = await wrappings(files);
  for (const reader of candidates)
    for (const view of views) {
      const reason = await reader.recognises(view);
      if (reason !== undefined) return { reader, files: view, why: `${reader.name} reads ${view.root}: it ${reason}` };
    }
  return undefined;
}

/** @throws UserError for a path where nothing is, an unknown reader, or a layout that nobody recognises */
export async function locate(source: string): Promise<Located> {
  const [, name, path] = /^([a-z][a-z0-9-]+):(.+)$/.exec(source) ?? [undefined, undefined, source];
  const asked = name === undefined ? undefined : readerNamed(name);
  const root = await resolvePath(path);
  const candidates = asked ? [asked] : readers;
  // the second look is for a download that nobody has unpacked
  for (const archives of [false, true]) {
    const files = await openFiles(root, { archives });
    const found = await recognise(files, candidates);
    if (found) return found;
    await files.close();
  }
  // a reader that was asked for says itself what it misses
  if (asked) return { reader: asked, files: await openFiles(root), why: `${asked.name} reads ${root}: it was asked for` };
  const names = readers.map((reader) => reader.name).join(", ");
  throw new UserError(
    `${root}: no reader recognises this (${names}); give a data set as downloaded, or a folder with a sub-folder of images for each class`,
    { status: 422 },
  );
}
