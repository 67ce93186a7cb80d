/** @file Parts of the training images: the groups whose labels are given, and inner folds. Whole groups always. */
import { foldsOf } from "../src/data/folds/folds.ts";
import { groupBy } from "../src/util/group-by.ts";
import { shuffle, type Rng } from "../src/util/rng.ts";

interface Cases {
  /** of each image of the data set, [n] */
  labels: Int32Array;
  groups: Int32Array;
}

/**
 * The images of a share of the groups, drawn within each class (a group of both is a class of its own). Of the same `rng` a smaller share is part of a
 * larger one, and 1 is all.
 * @param images indices of the images to draw from
 * @returns indices, in the order of `images`
 */
export function labelledSubset(images: readonly number[], { labels, groups }: Cases, share: number, rng: Rng): number[] {
  const members = [...groupBy(images, (image) => groups[image])].map(([group, own]) => ({
    group,
    kind: [...new Set(own.map((image) => labels[image]))].sort((a, b) => a - b).join(),
  }));
  const drawn = new Set<number>();
  for (const kind of [...new Set(members.map((member) => member.kind))].sort()) {
    const order = shuffle(
      members.filter((member) => member.kind === kind),
      rng,
    );
    for (const { group } of order.slice(0, Math.ceil(share * order.length))) drawn.add(group);
  }
  return images.filter((image) => drawn.has(groups[image]));
}

/** Inner folds of the training images of an outer fold, dealt as outer ones are: fold of each of `images`, [images]. */
export const innerFolds = (images: readonly number[], { labels, groups }: Cases, k: number): Int32Array =>
  foldsOf(
    images.map((image) => ({ group: String(groups[image]), label: String(labels[image]) })),
    k,
    0,
  );

/** The largest of the batch size and its halves of which two fill. */
export function batchSizeFor(images: number, batchSize: number): number {
  let size = batchSize;
  while (size > 2 && images < 2 * size) size >>= 1;
  return size;
}
