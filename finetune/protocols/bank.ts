/** @file The labelled training images of a fold as a bank of features, with the inner folds that choose a probe's settings. */
import type { Frozen } from "../features.ts";
import type { Fold } from "../fold.ts";
import type { Bank } from "../probes.ts";
import { innerFolds } from "../subsets.ts";

/** Where the study asks for no inner split: a probe has settings to choose all the same. */
const FOLDS = 5;

export const bankOf = ({ images, data, task }: Fold, { featuresOf }: Frozen): Bank => ({
  rows: featuresOf(images),
  labels: images.map((image) => data.labels[image]),
  inner: innerFolds(images, data, task.study.finetune.inner.folds || FOLDS),
});
