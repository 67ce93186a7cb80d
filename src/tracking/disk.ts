/**
 * @file Writing into a file store so that a reader, or a crash, never meets half a file. Small files are written synchronously:
 * a flush takes well under a millisecond, and no two calls of one process can interleave.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../util/user-error.ts";

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? "";

/** What the user can cure, said in a sentence; other errors as they are. */
export function explainDisk(error: unknown, path: string): unknown {
  const code = codeOf(error);
  const say = (message: string, status: UserError["status"]) => new UserError(message, { status, cause: error });
  if (["EACCES", "EPERM", "EROFS"].includes(code))
    return say(`${path} cannot be written (${code}): give this user write permission, or name another store with --store`, 503);
  if (["ENOSPC", "EDQUOT"].includes(code))
    return say(`${path} cannot be written, no space left on the disk (${code}): free some and run the command again`, 503);
  if (["ENOTDIR", "EISDIR", "EEXIST"].includes(code))
    return say(
      `${path} cannot be written, it clashes with another name as "a" does with "a/b" (a file cannot be a folder): use another name`,
      409,
    );
  if (code === "ENOENT")
    return say(`${path} cannot be written, its folder was moved or deleted meanwhile: put it back or start a new run`, 404);
  if (code === "ENAMETOOLONG") return say(`${path} cannot be written, a part of the name is longer than this disk allows: shorten it`, 400);
  return error;
}

/** Runs `body` and explains its disk errors. */
export function explained<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw explainDisk(error, path);
  }
}

/** Makes a folder for drafts: a dot-folder beside the target, which MLflow passes over. */
export function openDrafts(folder: string, prefix: string, randomId: () => string): string {
  const drafts = join(folder, `.${prefix}.${randomId()}`);
  explained(folder, () => mkdirSync(drafts));
  return drafts;
}

export const dropDrafts = (drafts: string): void => rmSync(drafts, { recursive: true, force: true });

/** Runs `body` with a folder for drafts, which is gone afterwards. */
export function withDrafts(folder: string, prefix: string, randomId: () => string, body: (drafts: string) => void): void {
  const drafts = openDrafts(folder, prefix, randomId);
  try {
    body(drafts);
  } finally {
    dropDrafts(drafts);
  }
}

/** Removes the drafts that a killed writer left. */
export function sweepDrafts(folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith(`.${prefix}.`)) dropDrafts(join(folder, name));
}

/**
 * Puts a whole file at `path` and makes the folders that it needs.
 * `durable` also waits for the disk; an empty meta.yaml after a power cut would break the listing of the whole experiment.
 */
export function placeFile(drafts: string, path: string, data: string | Uint8Array, durable = false): void {
  explained(path, () => {
    const draft = join(drafts, "draft");
    const file = openSync(draft, "w");
    try {
      writeFileSync(file, data);
      if (durable) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    mkdirSync(dirname(path), { recursive: true });
    renameSync(draft, path);
  });
}

/** Renames a whole folder into place; one that somebody else put there first stays. */
export function moveFolder(draft: string, path: string): void {
  try {
    renameSync(draft, path);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(codeOf(error))) throw error;
  }
}

/** Every file below `folder`: key ("/"-separated relative path) → text. Names that start with a dot are other programs'. */
export function readEntries(folder: string): Record<string, string> {
  return Object.fromEntries(listFiles(folder).map((key) => [key, readFileSync(join(folder, key), "utf8")]));
}

/** "/"-separated relative paths of the files below `folder`, sorted; [] where it is missing. */
export function listFiles(folder: string, prefix = ""): string[] {
  if (!existsSync(join(folder, prefix))) return [];
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`]))
    .sort();
}
