/**
 * @file Files in a zip archive, read in place. A stranger made the archive: no path escapes it, no entry unpacks to more than it may, and what an
 * entry claims of its size is checked against what comes out.
 */
import { buffer } from "node:stream/consumers";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { messageOf, UserError } from "../../util/user-error.ts";
import { byCodeUnit, isLitter, type DataFiles } from "./data-files.ts";

const ENTRY_LIMIT = 500_000;
/** Bytes that one entry may unpack to. */
const SIZE_LIMIT = 512e6;
/** Deflate reaches 1,032 : 1 on zeros; images and tables stay far below this. Small entries may do as they like. */
const RATIO_LIMIT = 200;
const RATIO_FROM = 16e6;

const refused = (root: string, what: string, cure: string, cause?: unknown): UserError =>
  new UserError(`${root}: ${what}; ${cure}`, { status: 422, cause });

async function readDirectory(zip: ZipFile, root: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let count = 0;
  for await (const entry of zip.eachEntry()) {
    if (++count > ENTRY_LIMIT) throw refused(root, `the archive has more than ${ENTRY_LIMIT} entries`, "unpack the part that is meant");
    const name = entry.fileName;
    if (name.endsWith("/") || isLitter(name)) continue;
    if (entries.has(name)) throw refused(root, `the archive holds "${name}" twice`, "get the archive again");
    entries.set(name, entry);
  }
  return entries;
}

/** yauzl refuses a path that leads out ("invalid relative path", "absolute path") and cut or damaged directories. */
async function openDirectory(load: () => Promise<ZipFile>, root: string): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
  let zip: ZipFile | undefined;
  try {
    zip = await load();
    return { zip, entries: await readDirectory(zip, root) };
  } catch (cause) {
    zip?.close();
    if (cause instanceof UserError) throw cause;
    throw refused(
      root,
      `the archive cannot be read (${messageOf(cause)})`,
      "get the archive again, or unpack it and give the folder",
      cause,
    );
  }
}

async function unpack(zip: ZipFile, entry: Entry, root: string): Promise<Buffer> {
  const { fileName: name, uncompressedSize: size, compressedSize } = entry;
  if (size > SIZE_LIMIT || (size > RATIO_FROM && size > RATIO_LIMIT * compressedSize))
    throw refused(
      root,
      `"${name}" would unpack from ${compressedSize} to ${size} bytes`,
      `over ${SIZE_LIMIT / 1e6} MB or ${RATIO_LIMIT} times its size an entry is taken for an archive bomb; remove it`,
    );
  try {
    // the stream fails as soon as more or fewer bytes come out than the entry claims
    return await buffer(await zip.openReadStreamPromise(entry));
  } catch (cause) {
    throw refused(root, `"${name}" cannot be unpacked (${messageOf(cause)})`, "get the archive again", cause);
  }
}

function archiveFiles(root: string, { zip, entries }: { zip: ZipFile; entries: Map<string, Entry> }): DataFiles {
  const paths = [...entries.keys()].sort(byCodeUnit);
  return {
    root,
    list: () => Promise.resolve(paths),
    has: (path) => Promise.resolve(entries.has(path)),
    async read(path) {
      const entry = entries.get(path);
      if (!entry) throw new UserError(`${path}: no such file in ${root}; restore it`, { status: 422 });
      return unpack(zip, entry, root);
    },
    async close() {
      zip.close();
    },
  };
}

const options = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySize: true } as const;

/** @throws UserError (422) for what is no zip archive, is damaged, or has an entry that leads out of it */
export async function openArchive(root: string): Promise<DataFiles> {
  return archiveFiles(root, await openDirectory(() => yauzl.openPromise(root, options), root));
}

/** An archive in memory, for formats that are one: `.npz`. @param name what error messages call it */
export async function openArchiveBytes(bytes: Buffer, name: string): Promise<DataFiles> {
  return archiveFiles(name, await openDirectory(() => yauzl.fromBufferPromise(bytes, options), name));
}
