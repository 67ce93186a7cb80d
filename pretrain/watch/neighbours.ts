/**
 * @file What frozen features are worth while they are trained: AUROC of the nearest neighbours on an inner split of the training groups.
 * For eyes alone: labels decide nothing here, and images of the held-out fold are not seen.
 */
import { batchOf, type GreyFrames } from "../../src/augment/batch.ts";
import { tf } from "../../src/engine/tf.ts";
import { knnAuroc } from "../../src/metrics/embedding/knn.ts";
import type { Rows } from "../../src/metrics/embedding/unit-rows.ts";
import { pooled, type Encoder } from "../../src/models/encoder.ts";
import { sizeOf, unflatten } from "../../src/models/network.ts";
import { shuffle, type Rng } from "../../src/util/rng.ts";

/** Images looked at, at most; a quarter of them are queries. */
const MOST = 384;
const BATCH = 64;
const OPTIONS = { k: 10, temperature: 0.1 };

/** Images with a class each, 0 or 1. */
interface Labelled {
  images: number[];
  labels: number[];
}

export interface InnerSplit {
  bank: Labelled;
  queries: Labelled;
}

/**
 * Splits labelled images by group: whole groups are queries until they have a quarter of the images.
 * @param labels class of each image of the data set: 0, 1, or below 0 for none
 * @returns undefined where either side lacks a class: nothing can be ranked there
 */
export function innerSplit(images: readonly number[], groups: Int32Array, labels: Int32Array, random: Rng): InnerSplit | undefined {
  const labelled = images.filter((image) => labels[image] >= 0);
  const order = shuffle([...new Set(labelled.map((image) => groups[image]))], random);
  const place = new Map(order.map((group, i) => [group, i]));
  const chosen = labelled.sort((a, b) => place.get(groups[a])! - place.get(groups[b])! || a - b).slice(0, MOST);
  const quarter = Math.floor(chosen.length / 4);
  const border = chosen.findIndex((image, i) => i >= quarter && groups[image] !== groups[chosen[i - 1]]);
  const part = (members: number[]): Labelled => ({ images: members, labels: members.map((image) => labels[image]) });
  const split = { queries: part(chosen.slice(0, Math.max(0, border))), bank: part(chosen.slice(Math.max(0, border))) };
  return [split.bank, split.queries].every((side) => new Set(side.labels).size === 2) ? split : undefined;
}

/** AUROC of class 1 among the queries, by the encoder whose parameters come first in `flat` [p]; norms read the batch, as in training. */
export function neighbourAuroc(encoder: Encoder, frames: GreyFrames, { bank, queries }: InnerSplit, flat: tf.Tensor1D): number {
  // banks and queries in the same batches, so that their norms agree
  const all = [...bank.images, ...queries.images];
  const features = featuresOf(encoder, frames, all, flat);
  const [rows, asked] = [features.slice(0, bank.images.length), features.slice(bank.images.length)];
  return knnAuroc({ rows, labels: bank.labels }, asked, queries.labels, OPTIONS);
}

/** Pooled features [n][d]; batches are dealt like cards, so that each has images of both sides. */
function featuresOf(encoder: Encoder, frames: GreyFrames, images: readonly number[], flat: tf.Tensor1D): Rows {
  const batches = Math.max(1, Math.floor(images.length / BATCH));
  const rows: number[][] = [];
  for (let b = 0; b < batches; b++) {
    const places = images.map((_, i) => i).filter((i) => i % batches === b);
    const found = tf.tidy(() => {
      const params = unflatten(tf.slice(flat, 0, sizeOf(encoder.specs)), encoder.specs);
      const x = batchOf(
        frames,
        places.map((i) => images[i]),
      );
      return pooled(encoder.featureMap(params, x, { kind: "batch" })).arraySync();
    });
    places.forEach((place, i) => (rows[place] = found[i]));
  }
  return rows;
}
