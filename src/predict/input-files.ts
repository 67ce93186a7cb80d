/** @file From what a user names, files and folders, to the files that are predicted. */
import { readdir, stat } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { openFolder } from "../data/files/folder-files.ts";
import { UserError } from "../util/user-error.ts";

export interface InputFile {
  /** as the user wrote it, followed by the path below it where that is a folder */
  name: string;
  path: string;
}

/** Names that a folder's images have; DICOM files often have no ending. */
const imageName = /\.(png|jpe?g|tiff?|bmp|dcm|dicom|ima)$/i;
const mayBeImage = (path: string): boolean => imageName.test(path) || extname(path) === "";
/** Outlines of lesions, as published sets name them: they are images too, and a prediction of one means nothing. */
const maskName = /(^|\/)masks?\/|(^|\/)mask_|_mask(_\d+)?\.\w+$/i;

/**
 * Files as they are named, folders as the images below them, in code-unit order.
 * @param cwd where relative paths start
 * @param note is told what is left out of a folder
 * @throws UserError for a folder that cannot be listed or holds no image
 */
export async function inputFiles(paths: readonly string[], cwd: string, note: (text: string) => void): Promise<InputFile[]> {
  const found: InputFile[] = [];
  for (const name of paths) {
    const path = resolve(cwd, name);
    // what is not there is told by the one who reads it, so that the others go on
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) {
      found.push({ name, path });
      continue;
    }
    const files = await openFolder(path).list();
    const images = files.filter((file) => mayBeImage(file) && !maskName.test(file));
    if (images.length === 0)
      throw new UserError(`${name}: there is no PNG, JPEG, TIFF, BMP or DICOM file below this folder; give one that holds images`, {
        status: 404,
      });
    const left = files.length - images.length;
    if (left > 0) note(`${name}: ${left} of ${files.length} files are no images or are masks by their names, and are left out`);
    found.push(...images.map((file) => ({ name: join(name, file), path: join(path, file) })));
  }
  return found;
}

/** Names in a folder; [] where it is none. */
export const namesIn = (path: string): Promise<string[]> => readdir(path).catch(() => []);
