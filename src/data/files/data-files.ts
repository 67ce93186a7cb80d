/** @file The files of a data set, wherever they lie: in a folder, or in an archive that is read without being unpacked. */

/** Paths are relative to the root and "/"-separated. */
export interface DataFiles {
  /** absolute path of the folder, archive or single file; with the folder inside the archive where there is one (`/data/archive.zip/BUSI`) */
  readonly root: string;
  /** the file that the user pointed at, where it was one file: a table, an array, a DICOM file. Then it is all that `list` tells. */
  readonly entry?: string;
  /** every file below the root in code-unit order; hidden files and archive litter are left out */
  list(): Promise<readonly string[]>;
  has(path: string): Promise<boolean>;
  /** @throws UserError (422) that names the file where it is missing, unreadable, leads out of the root, or unpacks to too much */
  read(path: string): Promise<Buffer>;
  close(): Promise<void>;
}

/** Hidden files and what macOS adds to archives. */
export const isLitter = (path: string): boolean => path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");

export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The view of `files` below one of its folders. Closing it closes `files`. */
export function within(files: DataFiles, folder: string): DataFiles {
  const prefix = `${folder}/`;
  let listed: readonly string[] | undefined;
  return {
    root: `${files.root}/${folder}`,
    list: async () => (listed ??= (await files.list()).filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length))),
    has: (path) => files.has(prefix + path),
    read: (path) => files.read(prefix + path),
    close: () => files.close(),
  };
}
