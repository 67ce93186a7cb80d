/** @file Stage 1, one fold: trains an encoder without labels on the images that the fold trains on, and stores it. */
import { makeAugmenter } from "../src/augment/augmenter.ts";
import { batchesOf } from "../src/augment/batch.ts";
import type { EncoderModel } from "../src/config/model.ts";
import { openStudyData, trainingIndices } from "../src/data/study-data.ts";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { decayMask, initialise, sizeOf, unflatten } from "../src/models/network.ts";
import { encoderStatistics } from "../src/models/norm-statistics.ts";
import { encoderOf } from "../src/models/registry.ts";
import { encodeWeights } from "../src/models/weights.ts";
import { epochBatches } from "../src/optim/batches.ts";
import { fit } from "../src/optim/fit.ts";
import type { StageContext } from "../src/run/stage.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { methodOf } from "./registry.ts";

/** Images a batch where nothing is trained. */
const INFERENCE_BATCH = 64;

/** Runs the task, whatever the method. */
export async function pretrain(context: StageContext): Promise<void> {
  const { study, fold, name } = context.task;
  const { augment, method: methodConfig, ...training } = study.pretrain;
  if (fold === null) throw new RangeError("pretrain: the task must name a fold, got null");
  await startEngine({ threads: study.threads });
  const data = await openStudyData(context.task);
  const images = study.transductive ? range(data.images.length) : trainingIndices(data, fold);
  const random = (...names: (string | number)[]) => rngOf(study.seed, "pretrain", fold, ...names);

  const encoder = encoderOf(study.encoder);
  const method = methodOf(methodConfig, encoder);
  const augmenter = makeAugmenter(augment, data.frames, { seed: study.seed, stream: name, views: method.viewsPerImage });
  const trained = await fit({
    ...training,
    task: name,
    settings: "pretrain.optimiser",
    images,
    initial: initialise(method.specs, (parameter) => random("initial", parameter)),
    decay: decayMask(method.specs),
    order: (epoch) => random("order", epoch),
    inputs: (batch, epoch) => [
      augmenter.views(batch, epoch),
      tf.tensor1d(
        Int32Array.from(batch, (i) => data.groups[i]),
        "int32",
      ),
    ],
    loss: (flat, [views, groups]) => method.loss(unflatten(flat, method.specs), views as tf.Tensor4D, groups as tf.Tensor1D),
    report: context,
  });
  augmenter.dispose();

  const flat = trained.subarray(0, sizeOf(encoder.specs)); // the projector is thrown away
  const batches = epochBatches(images, INFERENCE_BATCH, random("statistics"));
  const statistics = encoderStatistics(encoder, flat, batchesOf(data.frames, batches));
  await data.frames.close();
  const model: EncoderModel = { encoder: study.encoder, imageSize: study.data.imageSize, fold };
  await context.artifact("model/encoder.safetensors", encodeWeights(encoder, { flat, statistics }, { task: name }));
  await context.artifact("model/config.json", JSON.stringify(model, null, 2));
}
