/** @file What pretraining of a fold sees: its images, their frames, and which image a view is made of. Training and its preview share it. */
import type { AugmenterKey } from "../src/augment/augmenter.ts";
import type { AugmentConfig } from "../src/config/augment.ts";
import type { Task } from "../src/config/task.ts";
import { trainingSeed } from "../src/run/training-seed.ts";
import { partnersOf } from "../src/data/partners.ts";
import { openPretrainData, trainingIndices, type PretrainData } from "../src/data/study-data.ts";
import { range, rngOf } from "../src/util/rng.ts";

type SourceOf = NonNullable<AugmenterKey["sourceOf"]>;

export interface FoldImages {
  /** the caller closes its frames */
  data: PretrainData;
  /** indices of the images that are trained on */
  trained: number[];
  /** {@link AugmenterKey.sourceOf}; undefined where every view is made of the image itself */
  sourceOf: SourceOf | undefined;
}

/**
 * Opens what fold `fold` pretrains on.
 * @throws UserError where the data changed since the task was planned, or where views shall come from partners and no image has one
 */
export async function openFoldImages(task: Pick<Task, "study" | "data" | "seed">, fold: number): Promise<FoldImages> {
  const { transductive, pretrain } = task.study;
  const seed = trainingSeed(task);
  const data = await openPretrainData(task, { drawn: erases(pretrain.augment) });
  try {
    const trained = transductive ? range(data.images.length) : trainingIndices(data, fold);
    const { positives } = pretrain;
    const sourceOf = positives === "augment" ? undefined : fromPartners(partnersOf(data.images, positives, trained), seed, fold);
    return { data, trained, sourceOf };
  } catch (error) {
    await data.frames.close();
    throw error;
  }
}

/** Whether any view may have drawings filled in. */
const erases = (augment: AugmentConfig): boolean =>
  [augment, ...augment.perView, augment.local.settings].some(({ erase = 0 }) => erase > 0);

/** The first view is made of the image itself, every other one of a partner drawn for that image, epoch and view; without partners of itself. */
export function fromPartners(partners: readonly ArrayLike<number>[], seed: number, fold: number): SourceOf {
  return (image, view, epoch) => {
    const own = partners[image];
    if (view === 0 || own.length === 0) return image;
    return own[rngOf(seed, "pretrain", fold, "partner", epoch, image, view).int(own.length)];
  };
}
