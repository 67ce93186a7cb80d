/** @file Opens whatever a path means: a folder, a zip archive, a folder inside an archive, or one file that stands for a data set. */
import { stat } from "node:fs/promises";
import { dirname, relative, sep } from "node:path";
import { UserError } from "../../util/user-error.ts";
import { openArchive } from "./archive-files.ts";
import { within, type DataFiles } from "./data-files.ts";
import { openEntry, openFolder } from "./folder-files.ts";

const isArchive = (path: string): boolean => /\.zip$/i.test(path);

/** The nearest part of `path` that is a file, looking upwards. */
async function fileAbove(path: string): Promise<string | undefined> {
  for (let here = path; dirname(here) !== here; here = dirname(here)) {
    const found = await stat(here).catch(() => undefined);
    if (found?.isFile()) return here;
    if (found?.isDirectory()) return undefined;
  }
  return undefined;
}

/** Whether `openFiles` finds something at `path`. */
export async function exists(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined || isArchive((await fileAbove(path)) ?? "");
}

/**
 * @param path absolute: what {@link DataFiles.root} said of the same files, or what a user gave
 * @throws UserError (404) where there is nothing, (422) where an archive is damaged
 */
export async function openFiles(path: string, { archives = false }: { archives?: boolean } = {}): Promise<DataFiles> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return openFolder(path, { archives });
  const file = await fileAbove(path);
  if (file === undefined) throw new UserError(`no such folder or file: ${path}; check the path of the data set`, { status: 404 });
  if (!isArchive(file)) {
    if (file !== path)
      throw new UserError(`no such folder: ${path}, for ${file} is a file; check the path of the data set`, { status: 404 });
    return openEntry(file);
  }
  const archive = await openArchive(file);
  const inner = relative(file, path).split(sep).join("/");
  return inner === "" ? archive : within(archive, inner);
}
