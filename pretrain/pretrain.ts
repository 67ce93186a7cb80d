/** @file Stage 1, one fold: trains an encoder without labels on the images that the fold trains on, and stores it. */
import { batchesOf } from "../src/augment/batch.ts";
import type { EncoderModel } from "../src/config/model.ts";
import { trainingIndices } from "../src/data/study-data.ts";
import { startEngine } from "../src/engine/start.ts";
import { sizeOf } from "../src/models/network.ts";
import { encoderStatistics } from "../src/models/norm-statistics.ts";
import { encoderOf } from "../src/models/registry.ts";
import { encodeWeights } from "../src/models/weights.ts";
import { epochBatches } from "../src/optim/batches.ts";
import type { StageContext } from "../src/run/stage.ts";
import { trainingSeed } from "../src/run/training-seed.ts";
import { COLLAPSE_TAG } from "../src/run/tags.ts";
import { rngOf } from "../src/util/rng.ts";
import { openFoldImages } from "./fold-images.ts";
import { trainMethod } from "./train-method.ts";
import { innerSplit, neighbourAuroc } from "./watch/neighbours.ts";
import { watch } from "./watch/watch.ts";

/** Images a batch where nothing is trained. */
const INFERENCE_BATCH = 64;

/** Runs the task, whatever the method. */
export async function pretrain(context: StageContext): Promise<void> {
  const { study, fold, name } = context.task;
  if (fold === null) throw new RangeError("pretrain: the task must name a fold, got null");
  await startEngine({ threads: study.threads });
  const { data, trained: images, sourceOf } = await openFoldImages(context.task, fold);
  const seed = trainingSeed(context.task);
  const random = (...names: (string | number)[]) => rngOf(seed, "pretrain", fold, ...names);

  const encoder = encoderOf(study.encoder);
  // the held-out fold's labels are not even watched, also where its images are trained on
  const inner = innerSplit(trainingIndices(data, fold), data.groups, data.labels, random("watch"));
  const { epochs, watchEvery, stopOnCollapse, batchSize } = study.pretrain;
  const eye = watch({
    ...{ task: name, epochs, every: watchEvery, stopOnCollapse, batchSize, metric: context.metric, note: context.note },
    ...(inner && { neighbours: (flat) => neighbourAuroc(encoder, data.frames, inner, flat) }),
  });
  let trained: Float32Array;
  try {
    trained = await trainMethod(study.pretrain, encoder, {
      ...{ task: name, stream: `pretrain/fold-${fold}`, seed, random, images, groups: data.groups, frames: data.frames },
      ...{ observe: eye.observe, afterEpoch: eye.afterEpoch, resume: context.resume, report: context },
      nameOf: (image) => data.images[image].id,
      sourceOf,
    });
  } finally {
    const verdict = eye.verdict(); // also of a run that was ended for it
    if (verdict) await context.tag({ [COLLAPSE_TAG]: verdict.collapsed ? verdict.advice : "" });
  }

  const flat = trained.subarray(0, sizeOf(encoder.specs)); // the heads are thrown away
  const own = images.filter((image) => data.folds[image] >= 0); // what it will see, not what else it learnt from
  const batches = epochBatches(own, INFERENCE_BATCH, random("statistics"));
  const statistics = encoderStatistics(encoder, flat, batchesOf(data.frames, batches));
  await data.frames.close();
  const model: EncoderModel = { encoder: study.encoder, imageSize: study.data.imageSize, fold };
  await context.artifact("model/encoder.safetensors", encodeWeights(encoder, { flat, statistics }, { task: name }));
  await context.artifact("model/config.json", JSON.stringify(model, null, 2));
}
