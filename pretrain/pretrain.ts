/** @file Stage 1, one fold: trains an encoder without labels on the images that the fold trains on, and stores it. */
import { batchesOf } from "../src/augment/batch.ts";
import type { EncoderModel } from "../src/config/model.ts";
import { openStudyData, trainingIndices } from "../src/data/study-data.ts";
import { startEngine } from "../src/engine/start.ts";
import { sizeOf } from "../src/models/network.ts";
import { encoderStatistics } from "../src/models/norm-statistics.ts";
import { encoderOf } from "../src/models/registry.ts";
import { encodeWeights } from "../src/models/weights.ts";
import { epochBatches } from "../src/optim/batches.ts";
import type { StageContext } from "../src/run/stage.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { trainMethod } from "./train-method.ts";

/** Images a batch where nothing is trained. */
const INFERENCE_BATCH = 64;

/** Runs the task, whatever the method. */
export async function pretrain(context: StageContext): Promise<void> {
  const { study, fold, name } = context.task;
  if (fold === null) throw new RangeError("pretrain: the task must name a fold, got null");
  await startEngine({ threads: study.threads });
  const data = await openStudyData(context.task);
  const images = study.transductive ? range(data.images.length) : trainingIndices(data, fold);
  const random = (...names: (string | number)[]) => rngOf(study.seed, "pretrain", fold, ...names);

  const encoder = encoderOf(study.encoder);
  const trained = await trainMethod(study.pretrain, encoder, {
    task: name,
    seed: study.seed,
    random,
    images,
    groups: data.groups,
    frames: data.frames,
    nameOf: (image) => data.images[image].id,
    report: context,
  });

  const flat = trained.subarray(0, sizeOf(encoder.specs)); // the heads are thrown away
  const batches = epochBatches(images, INFERENCE_BATCH, random("statistics"));
  const statistics = encoderStatistics(encoder, flat, batchesOf(data.frames, batches));
  await data.frames.close();
  const model: EncoderModel = { encoder: study.encoder, imageSize: study.data.imageSize, fold };
  await context.artifact("model/encoder.safetensors", encodeWeights(encoder, { flat, statistics }, { task: name }));
  await context.artifact("model/config.json", JSON.stringify(model, null, 2));
}
