/** @file What frozen features of generated images are worth: how many held-out images their nearest neighbours name rightly. */
import { batchesOf, batchOf, type GreyFrames } from "../augment/batch.ts";
import { tf } from "../engine/tf.ts";
import { knnPredict, type Bank } from "../metrics/embedding/knn.ts";
import type { Rows } from "../metrics/embedding/unit-rows.ts";
import { pooled, type Encoder } from "../models/encoder.ts";
import { sizeOf, unflatten } from "../models/network.ts";
import { encoderStatistics, fixedMode } from "../models/norm-statistics.ts";
import { epochBatches } from "../optim/batches.ts";
import { range, rngOf } from "../util/rng.ts";

const BATCH = 64;
const OPTIONS = { k: 10, temperature: 0.1 };

/** Frames of known class. */
export interface Labelled extends Extract<GreyFrames, { pixels: Uint8Array }> {
  /** class of each, 0 … classes - 1, [n] */
  labels: Uint8Array;
}

/** Share of the queries whose class has most of their neighbours' votes. */
export function knnAccuracy(bank: Bank, queries: Bank, classes: number): number {
  const votes = knnPredict(bank, queries.rows, OPTIONS, classes);
  return votes.filter((shares, i) => shares.indexOf(Math.max(...shares)) === queries.labels[i]).length / votes.length;
}

/**
 * {@link knnAccuracy} of pooled features. Norms have the statistics of the bank's images, as after every training.
 * @param flat parameters [p], the encoder's first
 */
export function frozenAccuracy(encoder: Encoder, flat: Float32Array, bank: Labelled, queries: Labelled, classes: number): number {
  const order = epochBatches(range(bank.labels.length), BATCH, rngOf(0, "frozen-knn"));
  const { mode, dispose } = fixedMode(encoderStatistics(encoder, flat, batchesOf(bank, order)));
  const features = ({ labels, ...frames }: Labelled): Bank => ({
    labels,
    rows: range(Math.ceil(labels.length / BATCH)).flatMap((b): Rows =>
      tf.tidy(() => {
        const x = batchOf(frames, range(labels.length).slice(b * BATCH, (b + 1) * BATCH));
        const params = unflatten(tf.tensor1d(flat.subarray(0, sizeOf(encoder.specs))), encoder.specs);
        return pooled(encoder.featureMap(params, x, mode)).arraySync();
      }),
    ),
  });
  try {
    return knnAccuracy(features(bank), features(queries), classes);
  } finally {
    dispose();
  }
}
