/** @file The process that measures one encoder: `unit.ts <unit.json> <result.json>`. */
import { readFile } from "node:fs/promises";
import { batchesOf, batchOf } from "../../src/augment/batch.ts";
import { heldOutIndices, loadStudyData, trainingIndices, type StudyData } from "../../src/data/study-data.ts";
import { startEngine } from "../../src/engine/start.ts";
import { tf } from "../../src/engine/tf.ts";
import { trainedClassifier } from "../../src/explain/trained-classifier.ts";
import { knnAuroc } from "../../src/metrics/embedding/knn.ts";
import type { Rows } from "../../src/metrics/embedding/unit-rows.ts";
import { classifierNetwork } from "../../src/models/classifier-network.ts";
import { pooled, type Encoder } from "../../src/models/encoder.ts";
import { initialise, unflatten } from "../../src/models/network.ts";
import { encoderStatistics, fixedMode } from "../../src/models/norm-statistics.ts";
import { encoderOf } from "../../src/models/registry.ts";
import { decodeWeights, type Weights } from "../../src/models/weights.ts";
import { epochBatches, planUpdates } from "../../src/optim/batches.ts";
import { openStore } from "../../src/tracking/open-store.ts";
import { writeAtomic } from "../../src/util/files.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import { calibratedShares } from "../../src/metrics/class-shares.ts";
import { logitsOf, trainClassifier } from "../../finetune/train-classifier.ts";
import { unitSchema, type HeldOutResult, type Unit } from "./measure.ts";
import { fineTuning, INNER_FOLDS, SHARES } from "./names.ts";
import { knnProbe, linearProbe, type Bank } from "../../finetune/probes.ts";
import { batchSizeFor, innerFolds, labelledSubset } from "../../finetune/subsets.ts";

/** Images a batch where nothing is trained. */
const INFERENCE_BATCH = 64;
/** Of the selection: what frozen neighbours are while one looks at a pretraining. */
const LOOK = { k: 10, temperature: 0.1 };

process.on("disconnect", () => process.exit(1)); // the parent died
const [asked, path] = process.argv.slice(2);
const unit = unitSchema.parse(JSON.parse(await readFile(asked, "utf8")));
await startEngine({ threads: unit.study.threads });
const data = await loadStudyData(unit);
const encoder = encoderOf(unit.study.encoder);
const training = trainingIndices(data, unit.fold);
const start = await startOf(unit, encoder);
await writeAtomic(path, JSON.stringify(unit.on === "inner" ? onInnerSplit(data) : await onHeldOut(unit, data)));
process.exit();

/** The encoder's parameters; untrained ones are those that the seed's pretraining of this fold starts from. */
async function startOf({ study, fold, encoder: run, store }: Unit, network: Encoder): Promise<Float32Array> {
  if (!run) return initialise(network.specs, (parameter) => rngOf(study.seed, "pretrain", fold, "initial", parameter));
  const file = "model/encoder.safetensors";
  const bytes = await openStore(store, { now: Date.now }).readArtifact(run.runId, file);
  return decodeWeights(network, bytes, `${file} of run ${run.runId}`).flat;
}

/** Pooled features of images, [images][d]; norms have the statistics of `measuredOn`, whatever the encoder was trained on. */
function features(images: readonly number[], measuredOn: readonly number[]): Rows {
  const order = epochBatches(measuredOn, INFERENCE_BATCH, rngOf(unit.study.seed, "pretrain", unit.fold, "statistics"));
  const { mode, dispose } = fixedMode(encoderStatistics(encoder, start, batchesOf(data.frames, order)));
  const rows = range(Math.ceil(images.length / INFERENCE_BATCH)).flatMap((b): Rows =>
    tf.tidy(() => {
      const x = batchOf(data.frames, images.slice(b * INFERENCE_BATCH, (b + 1) * INFERENCE_BATCH));
      return pooled(encoder.featureMap(unflatten(tf.tensor1d(start), encoder.specs), x, mode)).arraySync();
    }),
  );
  dispose();
  return rows;
}

/** The encoder has seen the inner training images alone; images that the outer fold holds out have no part in it. */
function onInnerSplit(cases: StudyData): { auroc: number } {
  const inner = innerFolds(training, cases, INNER_FOLDS);
  const bank = training.filter((_, i) => inner[i] !== 0);
  const queries = training.filter((_, i) => inner[i] === 0);
  const labelsOf = (images: readonly number[]) => images.map((image) => cases.labels[image]);
  const rows = features([...bank, ...queries], bank);
  const known = { rows: rows.slice(0, bank.length), labels: labelsOf(bank) };
  return { auroc: knnAuroc(known, rows.slice(bank.length), labelsOf(queries), LOOK) };
}

async function onHeldOut({ study, fold, name }: Unit, cases: StudyData): Promise<HeldOutResult> {
  const held = heldOutIndices(cases, fold);
  const rows = features([...training, ...held], training);
  const bank: Bank = {
    rows: rows.slice(0, training.length),
    labels: training.map((image) => cases.labels[image]),
    inner: innerFolds(training, cases, INNER_FOLDS),
  };
  const queries = rows.slice(training.length);
  const [knn, linear] = [knnProbe(bank, queries), linearProbe(bank, queries)];
  const result: HeldOutResult = {
    images: held,
    scores: { knn: knn.scores, linear: linear.scores },
    knn: { ...knn.chosen },
    penalty: linear.chosen.penalty,
    finetune: [],
  };
  const settings = study.finetune;
  const all = planUpdates(training.length, settings, { task: name, settings: "finetune" });
  for (const share of SHARES) {
    const images = labelledSubset(training, cases, share, rngOf(study.seed, "labelled", fold));
    const batchSize = batchSizeFor(images.length, settings.batchSize);
    const { updatesPerEpoch } = planUpdates(images.length, { epochs: 1, batchSize }, { task: name, settings: "finetune" });
    const epochs = Math.ceil(all.updates / updatesPerEpoch); // few labels are seen more often: the steps are the same
    result.scores[fineTuning(share)] = await finetuned({ ...settings, batchSize, epochs }, images);
    const groups = new Set(images.map((image) => cases.groups[image])).size;
    result.finetune.push({ share, groups, images: images.length, batchSize, epochs, updates: epochs * updatesPerEpoch });
  }
  return result;

  async function finetuned(config: typeof settings, images: number[]): Promise<number[]> {
    const classes = study.data.classes.length;
    const network = classifierNetwork(study.encoder, classes);
    const weights: Weights = await trainClassifier(config, network, {
      ...{
        task: name,
        images,
        start,
        frames: cases.frames,
        labels: cases.labels,
        classes,
        seed: study.seed,
        stream: `finetune/fold-${fold}`,
      },
      nameOf: (image) => cases.images[image].id,
      random: (...names) => rngOf(study.seed, "finetune", fold, ...names),
      resume: undefined,
      report: { metric() {}, progress: async () => {} },
    });
    const trained = trainedClassifier(network, weights, study.data.imageSize);
    const scores = logitsOf(trained, cases.frames, held).map((logits) => calibratedShares(logits, 1)[1]);
    trained.dispose();
    return scores;
  }
}
