/** @file The labelled training images of a fold as a bank of features, with the inner folds that choose a probe's settings. */
import { groupBy } from "../../src/util/group-by.ts";
import { UserError } from "../../src/util/user-error.ts";
import type { Frozen } from "../features.ts";
import type { Fold } from "../fold.ts";
import type { Bank } from "../probes.ts";
import { innerFolds } from "../subsets.ts";

/** Where the study asks for no inner split: a probe has settings to choose all the same. */
const FOLDS = 5;

/**
 * Without inner folds where a class has one group: no model could be fitted without it.
 * @throws UserError where a class has none
 */
export function bankOf({ images, data, task, classes }: Fold, { featuresOf }: Pick<Frozen, "featuresOf">): Bank {
  const labels = images.map((image) => data.labels[image]);
  const missing = task.study.data.classes.find((_, label) => !labels.includes(label));
  if (missing !== undefined)
    throw new UserError(
      `${task.name}: none of the ${images.length} labelled training images is ${missing}; lower data.folds, or take the class out of data.classes`,
    );
  const groups = [...groupBy(images, (image) => data.labels[image]).values()].map(
    (own) => new Set(own.map((image) => data.groups[image])).size,
  );
  const inner = groups.every((count) => count > 1) ? innerFolds(images, data, task.study.finetune.inner.folds || FOLDS) : undefined;
  return { rows: featuresOf(images), labels, classes, inner };
}
