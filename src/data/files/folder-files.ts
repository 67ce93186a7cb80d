/** @file Files in a folder; archives in it can be listed and read as if they were folders. */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../util/user-error.ts";
import { openArchive } from "./archive-files.ts";
import { byCodeUnit, isLitter, type DataFiles } from "./data-files.ts";

/** A data set has fewer; a home folder taken by mistake has more. */
const FILE_LIMIT = 500_000;

/** Files below `root/folder`, following links but no loop; what cannot be listed is refused by name. */
async function walk(root: string, folder: string, found: string[], above: readonly string[] = []): Promise<void> {
  const here = join(root, folder);
  const real = await realpath(here);
  if (above.includes(real)) return;
  const entries = await readdir(here, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(`${folder || root}: the folder cannot be listed (${cause.code ?? cause.message}); check its permissions`, {
      status: 422,
      cause,
    });
  });
  for (const entry of entries) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (isLitter(entry.name)) continue;
    const kind = entry.isSymbolicLink() ? await stat(join(root, path)).catch(() => entry) : entry;
    if (kind.isDirectory()) await walk(root, path, found, [...above, real]);
    else if (found.push(path) > FILE_LIMIT)
      throw new UserError(`${root}: there are more than ${FILE_LIMIT} files below it; give the folder of one data set`, { status: 422 });
  }
}

/** `a.zip/b/c.png` → [`a.zip`, `b/c.png`]; undefined where no folder of the path is named like an archive. */
const throughArchive = (path: string): [archive: string, inner: string] | undefined => {
  const match = /^(.*?\.zip)\/(.+)$/i.exec(path);
  return match ? [match[1], match[2]] : undefined;
};

/** A path that stays below the root. @throws UserError */
function checkInside(path: string, root: string): void {
  if (path === "" || /^([\\/]|[a-z]:)/i.test(path) || path.split(/[\\/]/).includes(".."))
    throw new UserError(`"${path}": this path leads out of ${root}; give paths relative to the data set's folder`, { status: 422 });
}

/** @param archives list what lies in the folder's own `.zip` files, as `archive.zip/…`; reading such paths works in any case */
export function openFolder(root: string, { archives = false }: { archives?: boolean } = {}): DataFiles {
  const opened = new Map<string, Promise<DataFiles>>();
  const archive = (path: string): Promise<DataFiles> => {
    if (!opened.has(path)) opened.set(path, openArchive(join(root, path)));
    return opened.get(path)!;
  };
  async function listAll(): Promise<string[]> {
    const paths: string[] = [];
    await walk(root, "", paths);
    if (archives)
      for (const path of paths.filter((each) => /^[^/]+\.zip$/i.test(each)))
        paths.push(...(await (await archive(path)).list()).map((inner) => `${path}/${inner}`));
    return paths.sort(byCodeUnit);
  }
  let listed: Promise<readonly string[]> | undefined;
  return {
    root,
    list: () => (listed ??= listAll()),
    async has(path) {
      checkInside(path, root);
      if ((await stat(join(root, path)).catch(() => undefined))?.isFile()) return true;
      const [outer, inner] = throughArchive(path) ?? [];
      return outer !== undefined && (await this.has(outer)) && (await archive(outer)).has(inner!);
    },
    async read(path) {
      checkInside(path, root);
      return readFile(join(root, path)).catch(async (cause: NodeJS.ErrnoException) => {
        const [outer, inner] = throughArchive(path) ?? [];
        if (outer !== undefined && cause.code === "ENOTDIR") return (await archive(outer)).read(inner!);
        if (cause.code === "ENOENT") throw new UserError(`${path}: no such file below ${root}; restore it`, { status: 422, cause });
        throw new UserError(`${path}: the file cannot be read (${cause.code ?? cause.message}); check its permissions under ${root}`, {
          status: 422,
          cause,
        });
      });
    },
    async close() {
      for (const files of opened.values()) await files.then((each) => each.close()).catch(() => undefined);
    },
  };
}

/** One file that stands for a data set; what it names is read from its folder. */
export function openEntry(file: string): DataFiles {
  const entry = basename(file);
  return { ...openFolder(dirname(file)), root: file, entry, list: () => Promise.resolve([entry]) };
}
