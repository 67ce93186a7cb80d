/** @file Reads folds back from a table as `foldsCsv` writes it. What the table says of groups is checked, never believed. */
import { parseCsv } from "../../util/csv.ts";
import { range } from "../../util/rng.ts";
import { nearest } from "../../util/suggest.ts";
import { UserError } from "../../util/user-error.ts";
import { assertNoLeak } from "./folds.ts";

/**
 * The folds of `images` from a table with the columns image (path from the data root), fold, and, where it is there, group.
 * The groups of `images` decide what a leak is; a group column that says otherwise is an error, for the folds were made on other groups.
 * @param name the file, for error messages
 * @returns held-out fold of each image, 0 … k-1, [n]
 * @throws UserError that names the file, the row and the cure
 */
export function foldsFromCsv(text: string, name: string, images: readonly { path: string; group: string }[]): Int32Array {
  const wrong = (what: string, cure: string) => new UserError(`${name}: ${what}; ${cure}`, { status: 422 });
  const groupOf = new Map(images.map(({ path, group }) => [path, group]));
  const foldOf = new Map<string, number>();
  for (const { image = "", group, fold = "" } of parseCsv(text, name, ["image", "fold"])) {
    const known = groupOf.get(image);
    if (known === undefined) {
      const near = nearest(image, [...groupOf.keys()]);
      throw wrong(
        `the image "${image}" is not in the data`,
        near === undefined
          ? "paths are relative to the data root: correct or remove the row, or deal folds for the same classes"
          : `did you mean "${near}"?`,
      );
    }
    if (foldOf.has(image)) throw wrong(`the image "${image}" is there twice`, "keep one of its rows");
    if (group !== undefined && group !== known)
      throw wrong(`the image "${image}" is of group "${group}" there, but of "${known}" in the data`, "deal the folds anew");
    if (!/^\d{1,4}$/.test(fold)) throw wrong(`the image "${image}" has the fold "${fold}"`, "folds are the integers from 0");
    foldOf.set(image, Number(fold));
  }
  const folds = Int32Array.from(images, ({ path }) => {
    const fold = foldOf.get(path);
    if (fold === undefined) throw wrong(`the image "${path}" has no row`, "add it, or deal the folds anew");
    return fold;
  });
  const used = new Set(folds);
  const k = Math.max(0, ...used) + 1;
  const gap = range(k).find((fold) => !used.has(fold));
  if (gap !== undefined) throw wrong(`no image is in fold ${gap}, but some are in fold ${k - 1}`, "number the folds without gaps, from 0");
  if (k < 2) throw wrong("every image is in fold 0, so nothing is left to train on", "give at least two folds");
  assertNoLeak(images, folds);
  return folds;
}
