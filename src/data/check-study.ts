/** @file Whether a data set can carry a study: both classes there, and groups enough for the folds. */
import { nearest } from "../util/suggest.ts";
import { UserError } from "../util/user-error.ts";
import type { NamedFolds } from "./folds/named.ts";
import type { ImageRecord } from "./manifest.ts";

/** Groups of a class that a held-out fold needs at least: with one, a fold's AUROC would hang on one patient. */
const groupsAFold = 2;

/** Groups of a class that must be left to train on, whichever fold is held out. */
const groupsToTrain = 2;

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/** A class without images; `present` are the classes that the data have. */
export class MissingClass extends UserError {
  readonly label: string;
  readonly present: readonly string[];

  constructor(message: string, label: string, present: readonly string[]) {
    super(message, { status: 422 });
    this.label = label;
    this.present = present;
  }
}

/** @throws MissingClass where one of the study's classes has no images; names the class that was probably meant */
export function checkClasses(labels: readonly string[], classes: readonly string[]): void {
  const present = distinct(labels).sort();
  for (const label of classes) {
    if (present.includes(label)) continue;
    const near = nearest(
      label,
      present.filter((other) => !classes.includes(other)),
    );
    const cure = near === undefined ? "set data.classes to classes of the data set" : `did you mean "${near}"?`;
    throw new MissingClass(
      `the data have no images of the class "${label}" (they have ${present.join(", ") || "none"}), and a study needs all of its classes: ${cure}`,
      label,
      present,
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

/**
 * For folds that the data bring with them.
 * @throws UserError where holding one out leaves nothing of a class to learn from
 */
export function checkFolds(
  images: readonly Pick<ImageRecord, "label" | "group">[],
  { folds, names }: NamedFolds,
  classes: readonly string[],
): void {
  names.forEach((name, fold) => {
    for (const label of classes) {
      const left = images.filter((image, i) => folds[i] !== fold && image.label === label);
      const groups = distinct(left.map((image) => image.group)).length;
      if (groups < groupsToTrain)
        throw new UserError(
          `the class "${label}" has ${groups} groups outside the fold "${name}", and training needs ${groupsToTrain}: use a grouped split, or add patients`,
          { status: 422 },
        );
    }
  });
}
