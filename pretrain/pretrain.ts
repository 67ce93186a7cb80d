/** @file Stage 1, one fold: trains an encoder without labels on the images that the fold trains on, and stores it. */
import { batchOf } from "../src/augment/batch.ts";
import { makeAugmenter } from "../src/augment/augmenter.ts";
import type { EncoderModel } from "../src/config/model.ts";
import { batchesAnEpoch, epochBatches } from "../src/data/batches.ts";
import { loadStudyData, trainingIndices } from "../src/data/study-data.ts";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import { decayMask, initialise, sizeOf, unflatten } from "../src/models/network.ts";
import { measureStatistics } from "../src/models/norm-statistics.ts";
import { encoderOf } from "../src/models/registry.ts";
import { encodeWeights } from "../src/models/weights.ts";
import { optimiserOf } from "../src/optim/registry.ts";
import { learningRateAt } from "../src/optim/schedule.ts";
import { disposeState, startState, trainStep } from "../src/optim/train-step.ts";
import type { StageContext } from "../src/run/stage.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { UserError } from "../src/util/user-error.ts";
import { methodOf } from "./registry.ts";

/** Runs the task: the loop of every self-supervised method. */
export async function pretrain(context: StageContext): Promise<void> {
  const { study, fold } = context.task;
  const { epochs, batchSize, augment, optimiser: rates, method: methodConfig } = study.pretrain;
  await startEngine({ threads: study.threads });
  const data = await loadStudyData(study.data, study.seed);
  const images = study.transductive ? range(data.images.length) : trainingIndices(data, fold!);
  const random = (...names: (string | number)[]) => rngOf(study.seed, "pretrain", fold!, ...names);

  const encoder = encoderOf(study.encoder);
  const method = methodOf(methodConfig, encoder);
  const optimiser = optimiserOf(rates);
  const rule = { optimiser, decay: tf.tensor1d(decayMask(method.specs)) };
  const augmenter = makeAugmenter(augment, data.frames, { seed: study.seed, stream: context.task.name, views: method.viewsPerImage });
  const steps = epochs * batchesAnEpoch(images.length, batchSize);

  let state = startState(
    optimiser,
    initialise(method.specs, (name) => random("initial", name)),
  );
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    let sum = 0;
    const batches = epochBatches(images, batchSize, random("order", epoch));
    for (const batch of batches) {
      const views = augmenter.views(batch, epoch);
      const groups = tf.tensor1d(
        Int32Array.from(batch, (i) => data.groups[i]),
        "int32",
      );
      const learningRate = learningRateAt({ peak: rates.learningRate, steps, warmup: rates.warmupShare * steps }, step);
      const result = trainStep(rule, (flat) => method.loss(unflatten(flat, method.specs), views, groups), state, learningRate);
      state = result.state;
      const loss = result.loss.dataSync()[0];
      tf.dispose([views, groups, result.loss]);
      if (!Number.isFinite(loss))
        throw new UserError(
          `${context.task.name}: the loss became ${loss} at step ${step}; lower pretrain.optimiser.learningRate (now ${rates.learningRate})`,
        );
      sum += loss;
      context.metric("train/loss", loss, step);
      context.metric("train/learning_rate", learningRate, step);
      step++;
      await context.progress(step, steps, `loss ${loss.toFixed(3)}`);
    }
    context.metric("epoch/loss", sum / batches.length, epoch);
  }

  const flat = Float32Array.from(await state.flat.data()).subarray(0, sizeOf(encoder.specs));
  const inputs = function* () {
    for (const batch of epochBatches(images, 64, random("statistics"))) yield batchOf(data.frames.pixels, data.frames.size, batch);
  };
  const params = tf.tidy(() => tf.tensor1d(flat));
  const statistics = measureStatistics(encoder.norms, inputs(), (x, mode) => encoder.featureMap(unflatten(params, encoder.specs), x, mode));
  const model: EncoderModel = { encoder: study.encoder, imageSize: study.data.imageSize, fold: fold! };
  await context.artifact("model/encoder.safetensors", encodeWeights(encoder, { flat, statistics }, { task: context.task.name }));
  await context.artifact("model/config.json", JSON.stringify(model, null, 2));
  disposeState(state);
  augmenter.dispose();
  tf.dispose([params, rule.decay]);
}
