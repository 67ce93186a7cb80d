/** @file Frozen features of a fitted model, for images of the study that it held out and for those of another data set. */
import { batchOf, type GreyFrames } from "../../src/augment/batch.ts";
import { tf } from "../../src/engine/tf.ts";
import { loadClassifier, type ArtifactReader } from "../../src/explain/trained-classifier.ts";
import type { Rows } from "../../src/metrics/embedding/unit-rows.ts";
import { pooled } from "../../src/models/encoder.ts";
import { range } from "../../src/util/rng.ts";

const BATCH = 64;

/** Pooled last feature maps of each set of frames, all images of it, [sets][images][d]. The engine must run. */
export async function featuresBy(
  store: ArtifactReader,
  runId: string,
  sets: readonly { frames: GreyFrames; images: readonly number[] }[],
): Promise<Rows[]> {
  const { classifier, dispose } = await loadClassifier(store, runId);
  try {
    return sets.map(({ frames, images }) =>
      range(Math.ceil(images.length / BATCH)).flatMap((b): Rows =>
        tf.tidy(() => pooled(classifier.featureMap(batchOf(frames, images.slice(b * BATCH, (b + 1) * BATCH)))).arraySync()),
      ),
    );
  } finally {
    dispose();
  }
}
