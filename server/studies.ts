/** @file Finished studies as the store holds them: results, held-out images, and which model may answer for which image. */
import type { z } from "@hono/zod-openapi";
import { armName, armsOf } from "../src/config/arm.ts";
import { binaryClasses } from "../src/config/data.ts";
import { parseConfig } from "../src/config/parse.ts";
import { biomarkersSchema } from "../src/config/biomarkers.ts";
import { evaluationSchema } from "../src/config/evaluation.ts";
import { studySchema, type StudyConfig } from "../src/config/study.ts";
import { storedPlan } from "../src/run/stored-plan.ts";
import { COMPLETE_TAG, STUDY_TASK, TASK_TAG } from "../src/run/tags.ts";
import type { Run, Store } from "../src/tracking/store.ts";
import { parseCsv } from "../src/util/csv.ts";
import { messageOf, UserError } from "../src/util/user-error.ts";
import type { BrokenStudy, StudyImage, StudySummary } from "./schemas.ts";

/** The parent runs of finished studies, newest first. */
async function studyRuns(store: Store): Promise<Run[]> {
  const experimentIds = (await store.listExperiments()).map((experiment) => experiment.experimentId);
  return store.searchRuns({ experimentIds, tags: { [TASK_TAG]: STUDY_TASK, [COMPLETE_TAG]: "true" }, status: ["FINISHED"] });
}

/** @throws UserError (404) where the run is not a finished study's */
export async function studyRun(store: Store, runId: string): Promise<Run> {
  const run = await store.getRun(runId);
  if (run.tags[TASK_TAG] !== STUDY_TASK || run.tags[COMPLETE_TAG] !== "true")
    throw new UserError(`run ${runId} is not a finished study; /api/studies lists those that are`, { status: 404 });
  return run;
}

async function readJson<S extends z.ZodType>(store: Store, run: Run, path: string, schema: S): Promise<z.output<S>> {
  const text = (await store.readArtifact(run.info.runId, path)).toString("utf8");
  return parseConfig(schema, JSON.parse(text), `${path} of study ${run.info.name}`);
}

export const studyConfig = (store: Store, run: Run): Promise<StudyConfig> => readJson(store, run, "study.json", studySchema);

async function studySummary(store: Store, run: Run): Promise<StudySummary> {
  const { runId, experimentId, name, endTime } = run.info;
  const { description, data, finetune, transductive } = await studyConfig(store, run);
  return {
    runId,
    experimentId,
    name,
    description,
    endTime,
    classes: binaryClasses(data.classes),
    imageSize: data.imageSize,
    folds: data.folds,
    model: firstModel({ finetune }),
    transductive,
    report: (await store.listArtifacts(runId)).some((entry) => entry.path === "report.html"),
    evaluation: await readJson(store, run, "evaluation.json", evaluationSchema),
    biomarkers: await readJson(store, run, "biomarkers.json", biomarkersSchema),
  };
}

/** Every finished study, newest first; one whose results cannot be read is told apart and hides no other. */
export async function readStudies(store: Store): Promise<{ studies: StudySummary[]; broken: BrokenStudy[] }> {
  const studies: StudySummary[] = [];
  const broken: BrokenStudy[] = [];
  for (const run of await studyRuns(store))
    try {
      studies.push(await studySummary(store, run));
    } catch (error) {
      broken.push({ runId: run.info.runId, name: run.info.name, error: messageOf(error) });
    }
  return { studies, broken };
}

/** Name of the arm that is explained and asked. */
const firstModel = ({ finetune }: Pick<StudyConfig, "finetune">): string => armName(armsOf(finetune)[0]);

/** Held-out predictions of the study's first model, by its first training. The group (a patient) stays in the store. */
export async function studyImages(store: Store, run: Run, study: StudyConfig): Promise<StudyImage[]> {
  const path = "oof-predictions.csv";
  const text = (await store.readArtifact(run.info.runId, path)).toString("utf8");
  return parseCsv(text, `${path} of study ${run.info.name}`, ["model", "repeat", "seed", "image", "label", "fold", "probability"])
    .filter((row) => row.model === firstModel(study) && row.repeat === "0" && row.seed === "0")
    .map((row) => ({ image: row.image, label: row.label, fold: Number(row.fold), probability: Number(row.probability) }));
}

/** The finished fine-tuning run of every fold, of the study's first model, by fold. */
export async function foldModels(store: Store, run: Run, study: StudyConfig): Promise<string[]> {
  const { tasks, runOf } = await storedPlan(store, run);
  return tasks
    .filter(({ stage, arm, repeat, seed }) => stage === "finetune" && arm && armName(arm) === firstModel(study) && repeat + seed === 0)
    .sort((a, b) => a.fold! - b.fold!)
    .map((task) => runOf(task).info.runId);
}
