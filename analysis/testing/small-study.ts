/** @file A whole small study in a temporary folder: images, a store with untrained models, and contexts for tasks. For tests. */
import { join } from "node:path";
import type { Arm } from "../../src/config/arm.ts";
import type { ClassifierModel } from "../../src/config/model.ts";
import { studySchema, type StudyConfig } from "../../src/config/study.ts";
import type { Evaluation } from "../../src/config/evaluation.ts";
import type { Stage, Task } from "../../src/config/task.ts";
import { datasetInput } from "../../src/data/dataset-input.ts";
import { openStudyManifest } from "../../src/data/study-manifest.ts";
import { classifierNetwork } from "../../src/models/classifier-network.ts";
import { initialise } from "../../src/models/network.ts";
import { encodeWeights } from "../../src/models/weights.ts";
import type { StageContext } from "../../src/run/stage.ts";
import { greyPng, writeFiles } from "../../src/testing/picture-files.ts";
import { modelEvaluation } from "../../src/testing/model-evaluation.ts";
import { openStore } from "../../src/tracking/open-store.ts";
import type { Run, Store } from "../../src/tracking/store.ts";
import { toCsv } from "../../src/util/csv.ts";
import { range, rngOf } from "../../src/util/rng.ts";

export const CLASSES = ["benign", "malignant"];
const IMAGES_A_CLASS = 4;
const ARM: Arm = { protocol: "finetune", initialisation: "scratch", labels: 1 };

/** Noise with a dark disk, and its mask; 40 × 32 pixels, so that a square frame has padding. */
async function writeImages(root: string): Promise<void> {
  const inDisk = (x: number, y: number) => (x - 20) ** 2 + (y - 12) ** 2 <= 25;
  for (const label of CLASSES)
    for (const i of range(IMAGES_A_CLASS)) {
      const rng = rngOf(i, "picture", label);
      const image = await greyPng(40, 32, (x, y) => (inDisk(x, y) ? 20 : 80) + rng.int(120));
      const mask = await greyPng(40, 32, (x, y) => (inDisk(x, y) ? 255 : 0));
      await writeFiles(root, { [`${label}/${label}-${i}.png`]: image, [`masks/${label}/${label}-${i}.png`]: mask });
    }
}

/** An untrained classifier as the artifacts of a fine-tuning run. */
export function modelFiles(study: StudyConfig, fold: number): Record<string, string | Uint8Array> {
  const network = classifierNetwork(study.encoder, CLASSES.length);
  const statistics = new Map(
    network.norms.map(({ name, channels }) => [name, { mean: new Float32Array(channels), variance: new Float32Array(channels).fill(1) }]),
  );
  const config: ClassifierModel = {
    encoder: study.encoder,
    imageSize: study.data.imageSize,
    fold,
    classes: CLASSES,
    arm: ARM,
    calibration: null,
  };
  return {
    "model/config.json": JSON.stringify(config),
    "model/classifier.safetensors": encodeWeights(network, {
      flat: initialise(network.specs, (name) => rngOf(study.seed, "weights", fold, name)),
      statistics,
    }),
  };
}

export interface SmallStudy {
  study: StudyConfig;
  store: Store;
  /** what the evaluate task leaves */
  evaluated: Record<string, string>;
  /** Makes a finished run of this task with these artifacts. */
  finish(task: string, artifacts: Record<string, string | Uint8Array>): Promise<Run>;
  /** A context for a task, whose artifacts go to `written`. */
  context(stage: Stage, fold: number | null, written: Map<string, string | Uint8Array>): StageContext;
}

export async function smallStudy(folder: string): Promise<SmallStudy> {
  await writeImages(join(folder, "images"));
  const study = studySchema.parse({
    name: "small",
    data: { source: `folder:${join(folder, "images")}`, imageSize: 32, folds: 2 },
    encoder: { width: 4 },
    finetune: { initialisations: ["scratch"] },
    explain: { methods: [{ name: "grad-cam" }, { name: "integrated-gradients", steps: 2 }] },
    analysis: { permutations: 99, bootstraps: 100 },
  });
  const store = openStore(join(folder, "mlruns"), { now: () => 0 });
  const { experimentId } = await store.experiment(study.name);
  const runs = new Map<string, Run>();
  const { manifest, split } = await openStudyManifest(study.data, study.seed);
  const { digest } = manifest;
  const parent = await store.createRun({
    ...{ experimentId, name: study.name, startTime: 0 },
    tags: { "sonomark.code": "code", "sonomark.data": digest, "sonomark.engine": "engine" },
  });
  await store.logInputs(parent.info.runId, [datasetInput(manifest)]);
  const predictions = manifest.images.map(({ id, group, label }, i) => {
    const score = rngOf(i, "score").normal();
    const fold = split.folds[i];
    return { ...{ model: "scratch", repeat: 0, seed: 0, image: id, group, label, fold, score }, probability: 1 / (1 + Math.exp(-score)) };
  });
  return {
    study,
    store,
    evaluated: { "evaluation.json": JSON.stringify(smallEvaluation(study)), "oof-predictions.csv": toCsv(predictions) },
    async finish(task, artifacts) {
      const run = await store.createRun({ experimentId, name: task, startTime: 0 });
      for (const [path, data] of Object.entries(artifacts)) await store.putArtifact(run.info.runId, path, data);
      runs.set(task, run);
      return run;
    },
    context(stage, fold, written) {
      const task: Task = {
        name: stage,
        key: "",
        stage,
        fold,
        arm: stage === "explain" ? ARM : null,
        repeat: 0,
        seed: 0,
        checkpoint: null,
        needs: {},
        study,
        data: digest,
        code: "",
        store: store.uri,
        experimentId,
        parentRunId: parent.info.runId,
      };
      return {
        task,
        store,
        runId: "",
        now: () => 0,
        resume: undefined,
        progress: async () => {},
        checkpoint: async () => {},
        note: () => {},
        tag: async () => {},
        metric: () => {},
        artifact: async (path, data) => void written.set(path, data),
        needed: async (name) => runs.get(name)!,
      };
    },
  };
}

/** An evaluation as the evaluate task writes it. */
export const smallEvaluation = (study: StudyConfig): Evaluation => ({
  classes: CLASSES,
  images: 2 * IMAGES_A_CLASS,
  positives: IMAGES_A_CLASS,
  groups: 2 * IMAGES_A_CLASS,
  folds: study.data.folds,
  targets: CLASSES,
  repeats: 1,
  seeds: 1,
  transductive: study.transductive,
  models: [modelEvaluation(ARM)],
  comparisons: [],
  shortcuts: null,
  baselines: [],
});
