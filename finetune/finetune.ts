/** @file Stage 2, one fold: trains encoder and head on the training folds, and predicts the images that the fold holds out. */
import { batchOf } from "../src/augment/batch.ts";
import { makeAugmenter } from "../src/augment/augmenter.ts";
import type { ClassifierModel } from "../src/config/model.ts";
import { batchesAnEpoch, epochBatches } from "../src/data/batches.ts";
import { heldOutIndices, loadStudyData, trainingIndices, type StudyData } from "../src/data/study-data.ts";
import { startEngine } from "../src/engine/start.ts";
import { tf } from "../src/engine/tf.ts";
import type { Classifier } from "../src/explain/classifier.ts";
import { trainedClassifier } from "../src/explain/trained-classifier.ts";
import { balancedWeights, crossEntropy } from "../src/losses/cross-entropy.ts";
import { auroc } from "../src/metrics/auroc.ts";
import { classifierNetwork } from "../src/models/classifier-network.ts";
import { decayMask, initialise, sizeOf, unflatten } from "../src/models/network.ts";
import { measureStatistics } from "../src/models/norm-statistics.ts";
import { decodeWeights, encodeWeights } from "../src/models/weights.ts";
import { optimiserOf } from "../src/optim/registry.ts";
import { learningRateAt } from "../src/optim/schedule.ts";
import { disposeState, startState, trainStep } from "../src/optim/train-step.ts";
import type { StageContext } from "../src/run/stage.ts";
import { toCsv } from "../src/util/csv.ts";
import { rngOf } from "../src/util/rng.ts";
import { UserError } from "../src/util/user-error.ts";

/** Images a batch where nothing is trained. */
const INFERENCE_BATCH = 64;

/** Runs the task. The number of epochs is fixed and the last one is reported: the held-out fold chooses nothing. */
export async function finetune(context: StageContext): Promise<void> {
  const { study, fold, initialisation } = context.task;
  const { epochs, batchSize, augment, optimiser: rates, headRate } = study.finetune;
  await startEngine({ threads: study.threads });
  const data = await loadStudyData(study.data, study.seed);
  const images = trainingIndices(data, fold!);
  const random = (...names: (string | number)[]) => rngOf(study.seed, "finetune", fold!, ...names);

  const network = classifierNetwork(study.encoder, study.data.classes.length);
  const optimiser = optimiserOf(rates);
  const encoderSize = sizeOf(network.encoder.specs);
  const rule = {
    optimiser,
    decay: tf.tensor1d(decayMask(network.specs)),
    rates: tf.tensor1d(new Float32Array(sizeOf(network.specs)).fill(1).fill(headRate, encoderSize)),
  };
  const classWeights = tf.tensor1d(
    balancedWeights(
      images.map((i) => data.labels[i]),
      study.data.classes.length,
    ),
  );
  const augmenter = makeAugmenter(augment, data.frames, { seed: study.seed, stream: `finetune/fold-${fold}`, views: 1 });
  const steps = epochs * batchesAnEpoch(images.length, batchSize);

  const values = initialise(network.specs, (name) => random("initial", name));
  if (initialisation === "pretrained") values.set(await pretrainedEncoder(context, network.encoder));
  let state = startState(optimiser, values);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    let sum = 0;
    const batches = epochBatches(images, batchSize, random("order", epoch));
    for (const batch of batches) {
      const x = augmenter.views(batch, epoch);
      const labels = tf.tensor1d(
        Int32Array.from(batch, (i) => data.labels[i]),
        "int32",
      );
      const learningRate = learningRateAt({ peak: rates.learningRate, steps, warmup: rates.warmupShare * steps }, step);
      const loss = (flat: tf.Tensor1D) =>
        crossEntropy(network.logits(unflatten(flat, network.specs), x, { kind: "batch" }), labels, classWeights);
      const result = trainStep(rule, loss, state, learningRate);
      state = result.state;
      const value = result.loss.dataSync()[0];
      tf.dispose([x, labels, result.loss]);
      if (!Number.isFinite(value))
        throw new UserError(
          `${context.task.name}: the loss became ${value} at step ${step}; lower finetune.optimiser.learningRate (now ${rates.learningRate})`,
        );
      sum += value;
      context.metric("train/loss", value, step);
      context.metric("train/learning_rate", learningRate, step);
      step++;
      await context.progress(step, steps, `loss ${value.toFixed(3)}`);
    }
    context.metric("epoch/loss", sum / batches.length, epoch);
  }

  const flat = Float32Array.from(await state.flat.data());
  const inputs = function* () {
    for (const batch of epochBatches(images, INFERENCE_BATCH, random("statistics")))
      yield batchOf(data.frames.pixels, data.frames.size, batch);
  };
  const statistics = measureStatistics(network.norms, inputs(), (x, mode) =>
    network.encoder.featureMap(unflatten(state.flat, network.specs), x, mode),
  );
  const { classifier, dispose } = trainedClassifier(network, { flat, statistics }, study.data.imageSize);
  await storeModel(context, encodeWeights(network, { flat, statistics }, { task: context.task.name }));
  await storePredictions(context, data, classifier);
  dispose();
  disposeState(state);
  augmenter.dispose();
  tf.dispose([rule.decay, rule.rates, classWeights]);
}

async function pretrainedEncoder(context: StageContext, encoder: Parameters<typeof decodeWeights>[0]): Promise<Float32Array> {
  const run = await context.needed(`pretrain/fold-${context.task.fold}`);
  const path = "model/encoder.safetensors";
  return decodeWeights(encoder, await context.store.readArtifact(run.info.runId, path), `${path} of run ${run.info.runId}`).flat;
}

async function storeModel(context: StageContext, weights: Uint8Array): Promise<void> {
  const { study, fold, initialisation } = context.task;
  const model: ClassifierModel = {
    encoder: study.encoder,
    imageSize: study.data.imageSize,
    fold: fold!,
    classes: study.data.classes,
    initialisation: initialisation!,
  };
  await context.artifact("model/classifier.safetensors", weights);
  await context.artifact("model/config.json", JSON.stringify(model, null, 2));
}

async function storePredictions(context: StageContext, data: StudyData, classifier: Classifier): Promise<void> {
  const { fold, study } = context.task;
  const images = heldOutIndices(data, fold!);
  const scores: number[] = [];
  for (let at = 0; at < images.length; at += INFERENCE_BATCH) {
    const batch = images.slice(at, at + INFERENCE_BATCH);
    scores.push(
      ...tf.tidy(() => classifier.scoreOfMap(classifier.featureMap(batchOf(data.frames.pixels, data.frames.size, batch))).dataSync()),
    );
  }
  const rows = images.map((i, row) => ({
    image: data.images[i].id,
    group: data.images[i].group,
    label: data.images[i].label,
    fold: fold!,
    probability: 1 / (1 + Math.exp(-scores[row])),
    score: scores[row],
  }));
  await context.artifact("predictions.csv", toCsv(rows));
  context.metric(
    "heldout/auroc",
    auroc(
      rows.map(({ label }) => study.data.classes.indexOf(label)),
      scores,
    ),
    0,
  );
}
