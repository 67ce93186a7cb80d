/** @file What a probe says of its own bank by the models of the other inner folds: logits, and the calibration that they give. */
import type { Calibration } from "../../src/config/calibration.ts";
import type { Fold } from "../fold.ts";
import { calibrationFrom } from "../inner.ts";

/** A class that no neighbour has is held for this unlikely, so that its logarithm is finite. */
const LEAST_SHARE = 1e-6;

/** Logits whose softmax the shares are, but for those that are nearly 0: [images][classes]. */
export const logitsOfShares = (shares: readonly ArrayLike<number>[]): number[][] =>
  shares.map((row) => Array.from(row, (share) => Math.log(Math.max(share, LEAST_SHARE))));

/**
 * Temperature and thresholds by all labelled images, each predicted by a model that saw none of its inner fold.
 * @param shares [images of the fold][classes]; undefined where nothing could be chosen
 * @returns null without shares, and where the study asks for no inner split
 */
export function calibrationOf(
  { images, data, task }: Pick<Fold, "images" | "data" | "task">,
  shares: readonly ArrayLike<number>[] | undefined,
): Calibration | null {
  const { folds, falseNegativeCost } = task.study.finetune.inner;
  if (folds === 0 || !shares) return null;
  return calibrationFrom({
    logits: logitsOfShares(shares),
    labels: images.map((image) => data.labels[image]),
    groups: images.map((image) => data.groups[image]),
    falseNegativeCost,
    epochs: null,
  });
}
