/** @file What is chosen inside a fold, on training images that a first training did not see: temperature, thresholds, number of epochs. */
import type { Calibration } from "../src/config/calibration.ts";
import { auroc } from "../src/metrics/auroc.ts";
import { multiclassLogLoss } from "../src/metrics/log-loss.ts";
import { fitTemperatureMulticlass } from "../src/metrics/temperature.ts";
import { costThreshold, youdenThreshold } from "../src/metrics/thresholds.ts";
import { groupBy } from "../src/util/group-by.ts";
import type { Fold } from "./fold.ts";
import { calibratedShares, positiveLogOdds } from "../src/metrics/class-shares.ts";
import { innerFolds } from "./subsets.ts";

/** Without both classes, or where nothing is better than chance: even odds, and never. */
const EVEN = 0.5;
const NEVER = 1;

/** A part of this size in which the model ranks at chance asks for no end of it, and every probability of the fold would be one half. */
const MOST_TEMPERATURE = 10;

export interface InnerSplit {
  /** images of the first training, as indices */
  trained: number[];
  /** images that choose, as indices: of other groups */
  aside: number[];
}

/** One part of the fold's labelled images set aside; undefined where none is asked for, or a class has not a group for every part. */
export function innerSplit({ images, data, task }: Pick<Fold, "images" | "data" | "task">): InnerSplit | undefined {
  const { folds } = task.study.finetune.inner;
  const groupsOfClass = [...groupBy(images, (image) => data.labels[image]).values()].map(
    (own) => new Set(own.map((image) => data.groups[image])).size,
  );
  if (folds === 0 || groupsOfClass.some((groups) => groups < folds)) return undefined;
  const part = innerFolds(images, data, folds);
  return { trained: images.filter((_, i) => part[i] !== 0), aside: images.filter((_, i) => part[i] === 0) };
}

export interface InnerPredictions {
  /** raw, of images that their model did not see, [images][classes] */
  logits: readonly ArrayLike<number>[];
  /** class of each, [images] */
  labels: readonly number[];
  /** group of each, [images] */
  groups: readonly number[];
  falseNegativeCost: number;
  /** that the model shall be trained for; null where it is not trained by epochs */
  epochs: number | null;
}

/**
 * Temperature for the logits, and thresholds on the calibrated probability of the last class against all others.
 * Where the predictions have one class only, thresholds are 0.5; where no threshold is better than chance, it is 1.
 */
export function calibrationFrom({ logits, labels, groups, falseNegativeCost, epochs }: InnerPredictions): Calibration {
  const temperature = Math.min(Math.max(fitTemperatureMulticlass(labels, logits).temperature, 1 / MOST_TEMPERATURE), MOST_TEMPERATURE);
  const shares = logits.map((row) => calibratedShares(row, temperature));
  const positive = shares[0].length - 1;
  const binary = labels.map((label) => Number(label === positive));
  const probabilities = shares.map((row) => row[positive]);
  const usable = ({ threshold }: { threshold: number }) => (Number.isNaN(threshold) ? EVEN : Math.min(threshold, NEVER));
  const area = auroc(binary, logits.map(positiveLogOdds));
  return {
    temperature,
    thresholds: {
      youden: usable(youdenThreshold(binary, probabilities)),
      cost: usable(costThreshold(binary, probabilities, { falseNegative: falseNegativeCost, falsePositive: 1 })),
    },
    epochs,
    images: labels.length,
    groups: new Set(groups).size,
    auroc: Number.isNaN(area) ? null : area,
    logLoss: multiclassLogLoss(labels, shares),
  };
}
