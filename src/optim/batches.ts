/** @file The batches of an epoch: shuffled, all of one size. */
import { shuffle, type Rng } from "../util/rng.ts";

/** Whole batches in an epoch; images left over sit this epoch out (shapes stay fixed, and batch norm never sees a small batch). */
export const batchesAnEpoch = (images: number, batchSize: number): number => Math.max(1, Math.floor(images / batchSize));

/** The shuffled batches of one epoch. Where there are fewer images than `batchSize`, they are one batch. */
export function epochBatches(indices: readonly number[], batchSize: number, rng: Rng): Int32Array[] {
  const size = Math.min(batchSize, indices.length);
  const order = shuffle(Int32Array.from(indices), rng);
  return Array.from({ length: batchesAnEpoch(indices.length, size) }, (_, b) => order.subarray(b * size, (b + 1) * size));
}
