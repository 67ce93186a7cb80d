/** @file Whether a data set can carry a study: both classes there, and groups enough for the folds. */
import { nearest } from "../util/suggest.ts";
import { UserError } from "../util/user-error.ts";
import type { ImageRecord } from "./manifest.ts";

/** Groups of a class that a held-out fold needs at least: with one, a fold's AUROC would hang on one patient. */
const groupsAFold = 2;

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/** @throws UserError where one of the study's classes has no images; names the class that was probably meant */
export function checkClasses(labels: readonly string[], classes: readonly string[]): void {
  const present = distinct(labels).sort();
  for (const label of classes) {
    if (present.includes(label)) continue;
    const near = nearest(
      label,
      present.filter((other) => !classes.includes(other)),
    );
    const cure = near === undefined ? "set data.classes to two classes of the data set" : `did you mean "${near}"?`;
    throw new UserError(
      `the data have no images of the class "${label}" (they have ${present.join(", ") || "none"}), and a study needs both classes: ${cure}`,
      { status: 422 },
    );
  }
}

/** @throws UserError where a class is missing, or has fewer groups than the folds need */
export function checkForStudy(
  { images }: { images: readonly Pick<ImageRecord, "label" | "group">[] },
  { classes, folds }: { classes: readonly string[]; folds: number },
): void {
  checkClasses(
    images.map((image) => image.label),
    classes,
  );
  for (const label of classes) {
    const groups = distinct(images.filter((image) => image.label === label).map((image) => image.group)).length;
    if (groups >= folds * groupsAFold) continue;
    const most = Math.floor(groups / groupsAFold);
    const cure = most >= 2 ? `set data.folds to ${most} or less, or add patients` : "add patients";
    const what =
      groups < folds
        ? `has fewer groups than folds (${groups} < ${folds})`
        : `has ${groups} groups, but ${folds} folds need ${folds * groupsAFold} (${groupsAFold} a fold)`;
    throw new UserError(`the class "${label}" ${what}: ${cure}`, { status: 422 });
  }
}
