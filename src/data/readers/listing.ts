/** @file What readers share: which files of a listing are images, which folders there are, and rows that are read or reported. */
import { UserError } from "../../util/user-error.ts";
import type { Problem } from "../manifest.ts";

/** Names that claim to be images. Some of these formats are refused later, with the file's name, rather than skipped in silence. */
const imageName = /\.(png|jpe?g|tiff?|bmp|gif|webp)$/i;

/** A path without its extension. */
export const stemOf = (path: string): string => path.replace(/\.[^./]+$/, "");

/** The last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Names of the folders at the top, in the order of the paths. */
export const topFolders = (paths: readonly string[]): string[] => [
  ...new Set(paths.filter((path) => path.includes("/")).map((path) => path.slice(0, path.indexOf("/")))),
];

/** Image files in `folder` and below, in the order of the paths. */
export const imagesBelow = (paths: readonly string[], folder: string): string[] =>
  paths.filter((path) => path.startsWith(`${folder}/`) && imageName.test(path));

/** Whether a file of that name or below that folder is listed. */
export const isListed = (paths: readonly string[], path: string): boolean =>
  paths.some((each) => each === path || each.startsWith(`${path}/`));

/** What `make` gives for each item. An item that it refuses with a UserError is left out, and the sentence joins `problems`. */
export function readEach<T, R>(items: Iterable<T>, problems: Problem[], make: (item: T) => R): R[] {
  const made: R[] = [];
  for (const item of items)
    try {
      made.push(make(item));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push({ level: "error", message: error.message });
    }
  return made;
}

/** Refuses a row: one sentence with the file, the value and the cure. */
export const refuse = (sentence: string): never => {
  throw new UserError(sentence, { status: 422 });
};

/** A positive number as tables write it, or undefined. */
export function positiveNumber(text: string): number | undefined {
  const value = /^\d*\.?\d+(e[-+]?\d+)?$/i.test(text) ? Number(text) : 0;
  return value > 0 && value < Infinity ? value : undefined;
}

/** Warns of images that lie there but stand in no row of the table. @param named file names in the table */
export function warnOfUnlisted(images: Iterable<string>, named: ReadonlySet<string>, table: string, problems: Problem[]): void {
  const [first, ...others] = [...images].filter((path) => !named.has(nameOf(path)));
  if (first === undefined) return;
  const more = others.length > 0 ? ` (nor have ${others.length} others)` : "";
  problems.push({ level: "warning", message: `${first}: has no row in ${table}${more}, so it is left out; add its row` });
}
