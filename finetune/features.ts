/** @file Pooled features of a frozen encoder, whose norms have the statistics of the training images. */
import { batchesOf, batchOf } from "../src/augment/batch.ts";
import { tf } from "../src/engine/tf.ts";
import type { Rows } from "../src/metrics/embedding/unit-rows.ts";
import { pooled } from "../src/models/encoder.ts";
import { unflatten, type NormStatistics } from "../src/models/network.ts";
import { encoderStatistics, fixedMode } from "../src/models/norm-statistics.ts";
import { epochBatches } from "../src/optim/batches.ts";
import { range } from "../src/util/rng.ts";
import type { Fold } from "./fold.ts";

/** Images a batch where nothing is trained. */
const INFERENCE_BATCH = 64;

export interface Frozen {
  /** of the encoder's norms */
  statistics: ReadonlyMap<string, NormStatistics>;
  /** features of images, given as indices, [images][d] */
  featuresOf(images: readonly number[]): Rows;
}

/** Statistics are measured on the fold's labelled training images, unless the encoder comes with its own. */
export function frozenEncoder({ network: { encoder }, start, statistics: own, data, images, random }: Fold): Frozen {
  const batches = epochBatches(images, INFERENCE_BATCH, random("statistics"));
  const statistics = own ?? encoderStatistics(encoder, start, batchesOf(data.frames, batches));
  return {
    statistics,
    featuresOf(asked) {
      const { mode, dispose } = fixedMode(statistics);
      const rows = range(Math.ceil(asked.length / INFERENCE_BATCH)).flatMap((b): Rows =>
        tf.tidy(() => {
          const x = batchOf(data.frames, asked.slice(b * INFERENCE_BATCH, (b + 1) * INFERENCE_BATCH));
          return pooled(encoder.featureMap(unflatten(tf.tensor1d(start), encoder.specs), x, mode)).arraySync();
        }),
      );
      dispose();
      return rows;
    },
  };
}
