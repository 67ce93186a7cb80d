/** @file From the id of a run or the name of a study to the fitted models, and to the study that they belong to. */
import { basename } from "node:path";
import { armName, type Arm } from "../config/arm.ts";
import { parseConfig } from "../config/parse.ts";
import { studySchema, type StudyConfig } from "../config/study.ts";
import type { Run, Store } from "../tracking/store.ts";
import { UserError } from "../util/user-error.ts";
import { storedPlan } from "./stored-plan.ts";
import { KEY_TAG, PARENT_TAG, STUDY_TAG, STUDY_TASK, TASK_TAG } from "./tags.ts";

/** File of a fine-tuning run without which there is no network to ask. */
const WEIGHTS = "classifier.safetensors";

/** One fitted model: of an arm, by one training, without the images of one fold. */
export interface FittedModel {
  /** name and key of its task */
  name: string;
  key: string;
  runId: string;
  arm: Arm;
  fold: number;
  repeat: number;
  seed: number;
}

export interface FittedModels {
  study: StudyConfig;
  studyRun: Run;
  /** by arm, training and fold, as planned; one at least */
  models: FittedModel[];
  /** key of the finished task that evaluated them inside the study; null where there is none */
  evaluated: string | null;
  /** names of arms that leave no network: neighbours */
  without: string[];
}

/**
 * All models of a study, or the one of a fine-tuning run.
 * @param what id of a study's run or of a fine-tuning run, or the name of a study, whose newest finished run counts
 * @throws UserError where there is no such run, or it leads to no model
 */
export async function fittedModels(store: Store, what: string): Promise<FittedModels> {
  const asked = await runNamed(store, what);
  const studyRun = await studyOf(store, asked);
  const { runId } = studyRun.info;
  const text = (await store.readArtifact(runId, "study.json")).toString("utf8");
  const study = parseConfig(studySchema, JSON.parse(text), `study.json of run ${runId}`);
  const plan = await storedPlan(store, studyRun);
  const wanted = plan.tasks.filter(({ stage, key }) => stage === "finetune" && (asked === studyRun || key === asked.tags[KEY_TAG]));
  if (wanted.length === 0)
    throw new UserError(
      `--model ${what}: the run is ${asked.tags[TASK_TAG]} of the study ${study.name}, which fits no classifier; give the study's run, or a fine-tuning run`,
      { status: 422 },
    );
  const models: FittedModel[] = [];
  const without = new Set<string>();
  for (const { name, key, fold, arm, repeat, seed } of wanted) {
    const run = plan.runOf({ name, key });
    if (await hasWeights(store, run)) models.push({ name, key, runId: run.info.runId, arm: arm!, fold: fold!, repeat, seed });
    else without.add(armName(arm!));
  }
  if (models.length === 0)
    throw new UserError(
      `--model ${what}: no run of it holds model/${WEIGHTS} (${[...without].join(", ")} leave no network); give a study that fine-tunes or fits a linear probe`,
      { status: 404 },
    );
  const evaluated = plan.tasks.find((task) => task.stage === "evaluate" && plan.find(task))?.key ?? null;
  return { study, studyRun, models, evaluated, without: [...without] };
}

async function runNamed(store: Store, what: string): Promise<Run> {
  if (/^[0-9a-f]{32}$/.test(what)) return store.getRun(what);
  const experimentIds = (await store.listExperiments()).map(({ experimentId }) => experimentId);
  const tags = { [TASK_TAG]: STUDY_TASK, [STUDY_TAG]: what };
  const [newest] = experimentIds.length === 0 ? [] : await store.searchRuns({ experimentIds, tags, status: ["FINISHED"], maxResults: 1 });
  if (newest) return newest;
  throw new UserError(
    `--model ${what}: ${store.uri} has no finished study of this name; give the name of one, or the id of a study's run or of a fine-tuning run (what a model was trained on must be known)`,
    { status: 404 },
  );
}

/** The run itself, or the study's run that it is part of. */
async function studyOf(store: Store, run: Run): Promise<Run> {
  if (run.tags[TASK_TAG] === STUDY_TASK) return run;
  const parent = run.tags[PARENT_TAG];
  if (parent) return store.getRun(parent);
  throw new UserError(
    `--model ${run.info.runId}: the run "${run.info.name}" belongs to no study; give the run of a study or of its fine-tuning`,
    {
      status: 422,
    },
  );
}

const hasWeights = async (store: Store, { info }: Run): Promise<boolean> =>
  (await store.listArtifacts(info.runId, "model")).some(({ path }) => basename(path) === WEIGHTS);
