/** @file A small study that was fitted: speckle images, two fold models that nobody trained, their out-of-fold predictions, all in a store. For tests. */
import { join } from "node:path";
import { armName, type Arm } from "../config/arm.ts";
import { studySchema, type StudyConfig } from "../config/study.ts";
import { openStudyManifest } from "../data/study-manifest.ts";
import { modelName, planStudy, FIRST } from "../run/plan.ts";
import { KEY_TAG, STUDY_TAG, STUDY_TASK, TASK_TAG } from "../run/tags.ts";
import { storedClasses, storedClassifier } from "./classifier-folder.ts";
import { writeFiles } from "./picture-files.ts";
import { specklePng } from "./speckle.ts";
import { openStore } from "../tracking/open-store.ts";
import type { Store } from "../tracking/store.ts";
import { toCsv } from "../util/csv.ts";
import { range, rngOf } from "../util/rng.ts";

const FOLDS = 2;
export const ARM: Arm = { protocol: "finetune", initialisation: "scratch", labels: 1 };

/** Speckle images by class, `n` of each, as files of a folder; two seeds share nothing. */
export async function speckleSet(n: number, seed: number, classes: readonly string[] = storedClasses): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const [c, label] of classes.entries())
    for (const i of range(n)) files[`${label}/${label}-${i}.png`] = await specklePng(1000 * seed + 100 * c + i, 120, 96);
  return files;
}

export interface FittedStudy {
  study: StudyConfig;
  store: Store;
  studyRunId: string;
  experimentId: string;
  /** the fold models, and the ids of their runs */
  models: (ReturnType<typeof storedClassifier> & { runId: string })[];
  /** of each image of the study, in the order of ids */
  outOfFold: { label: number; score: number; fold: number }[];
}

/** @param folder holds the images of the study below `study/`, 10 of each class, and the store below `mlruns/` */
export async function fittedStudy(folder: string): Promise<FittedStudy> {
  await writeFiles(join(folder, "study"), await speckleSet(10, 1));
  const study = studySchema.parse({
    name: "fitted",
    data: { source: `folder:${join(folder, "study")}`, imageSize: 32, folds: FOLDS },
    encoder: { name: "resnet10", width: 4 },
    finetune: { initialisations: ["scratch"] },
    analysis: { permutations: 99, bootstraps: 100 },
  });
  const { manifest, split, digest } = await openStudyManifest(study.data, study.seed);
  const plan = planStudy(study, { data: digest, code: "c", engine: "e" });
  const store = openStore(join(folder, "mlruns"), { now: () => 0 });
  const { experimentId } = await store.experiment(study.name);
  const finished = async (task: string, key: string, files: Record<string, string | Uint8Array>, parentRunId?: string): Promise<string> => {
    const tags = { [TASK_TAG]: task, [KEY_TAG]: key, [STUDY_TAG]: study.name, "sonomark.data": digest };
    const { info } = await store.createRun({ experimentId, name: task, startTime: 0, tags, ...(parentRunId ? { parentRunId } : {}) });
    for (const [path, bytes] of Object.entries(files)) await store.putArtifact(info.runId, path, bytes);
    await store.updateRun(info.runId, { status: "FINISHED", endTime: 1 });
    return info.runId;
  };
  const keyOf = (task: string) => plan.find(({ name }) => name === task)!.key;
  const studyRunId = await finished(STUDY_TASK, "study", { "study.json": JSON.stringify(study), "plan.json": JSON.stringify(plan) });
  const models: FittedStudy["models"] = [];
  for (const fold of range(FOLDS)) {
    const model = storedClassifier(fold, { youden: 0.4 + 0.2 * fold });
    const { "m.onnx": _onnx, ...files } = model.files;
    models.push({ ...model, runId: await finished(modelName(ARM, FIRST, fold), keyOf(modelName(ARM, FIRST, fold)), files, studyRunId) });
  }
  const rng = rngOf(0, "out of fold");
  const rows = manifest.images.map(({ id, group, label }, i) => {
    const score = Number(label === "malignant") + rng.normal();
    const probability = 1 / (1 + Math.exp(-score));
    return { model: armName(ARM), repeat: 0, seed: 0, image: id, group, label, fold: split.folds[i], score, probability };
  });
  await finished("evaluate", keyOf("evaluate"), { "oof-predictions.csv": toCsv(rows) }, studyRunId);
  const outOfFold = rows.map(({ label, score, fold }) => ({ label: Number(label === "malignant"), score, fold }));
  return { study, store, studyRunId, experimentId, models, outOfFold };
}
