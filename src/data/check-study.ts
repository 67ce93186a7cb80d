/** @file Whether a data set can carry a study: both classes there, and groups enough for the folds. */
import { nearest } from "../util/suggest.ts";
import { UserError } from "../util/user-error.ts";
import type { ImageRecord } from "./manifest.ts";

/** Groups of a class that a held-out fold needs at least: with one, a fold's AUROC would hang on one patient. */
const groupsAFold = 2;

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/**
 * @param images those of the study's classes, and any others
 * @throws UserError where a class is missing, or has fewer groups than the folds need
 */
export function checkForStudy(
  { images }: { images: readonly ImageRecord[] },
  { classes, folds }: { classes: readonly string[]; folds: number },
): void {
  const present = distinct(images.map((image) => image.label));
  for (const label of classes) {
    const groups = distinct(images.filter((image) => image.label === label).map((image) => image.group)).length;
    if (groups === 0) {
      const near = nearest(label, present);
      const cure =
        near !== undefined && near !== label && !classes.includes(near)
          ? `did you mean "${near}"?`
          : "set data.classes to two classes of the data set";
      throw new UserError(
        `the data have no images of the class "${label}" (they have ${present.join(", ") || "none"}), and a study needs two classes: ${cure}`,
        { status: 422 },
      );
    }
    if (groups < folds * groupsAFold) {
      const most = Math.floor(groups / groupsAFold);
      const cure = most >= 2 ? `set data.folds to ${most} or less, or add patients` : "add patients";
      throw new UserError(
        groups < folds
          ? `the class "${label}" has fewer groups than folds (${groups} < ${folds}): ${cure}`
          : `the class "${label}" has ${groups} groups, but ${folds} folds need ${folds * groupsAFold} (${groupsAFold} a fold): ${cure}`,
        { status: 422 },
      );
    }
  }
}
