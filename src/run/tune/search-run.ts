/** @file The run of a search: opened, or found again where an earlier attempt at the same search left it. */
import { hostname } from "node:os";
import type { StudyConfig } from "../../config/study.ts";
import type { Trial, TuneConfig } from "../../config/tune.ts";
import { TUNE_FILES, tuneFileSchema, type TuneFile } from "../../config/tuned.ts";
import { flattenParams } from "../../tracking/flatten-params.ts";
import { nativeTags } from "../../tracking/run-tags.ts";
import type { Store } from "../../tracking/store.ts";
import { hashOf } from "../../util/hash.ts";
import { parseConfig } from "../../config/parse.ts";
import { planStudy, type Circumstances } from "../plan.ts";
import type { StudyData } from "../study.ts";
import { ERROR_TAG, HOST_TAG, KEY_TAG, STUDY_TAG, TASK_TAG } from "../tags.ts";
import { TUNE_TASK } from "./tags.ts";
import { ownPoint } from "./trial-study.ts";

/** What a search is about. */
export interface Searched {
  /** first arm only */
  study: StudyConfig;
  config: TuneConfig;
  data: StudyData;
  circumstances: Circumstances;
}

export interface SearchRun {
  experimentId: string;
  runId: string;
  key: string;
  /** as stored: trials that did not end are still "running" */
  file: TuneFile;
  /** the setting that keeps the study's own settings out of the trials; undefined where they are trial 0 */
  outside: string | undefined;
  /** whether an earlier attempt made the run */
  goesOn: boolean;
  /** how many trials of an earlier attempt have ended */
  held: number;
}

/**
 * What decides the trials, the number of them left out: a search that is asked for more goes on. Data, code and engine are in the keys of the study's tasks.
 */
function keyOf({ study, config, circumstances }: Searched): string {
  const { trials: _many, ...search } = config;
  const tasks = planStudy(study, circumstances).filter(({ stage }) => stage === "finetune");
  return hashOf({ search, tasks: tasks.map(({ key }) => key) });
}

/** @param jobs where the search goes on and is not asked for other ones, those that it began with */
export async function openSearch(
  store: Store,
  searched: Searched,
  { jobs, defaultJobs, now }: { jobs?: number | undefined; defaultJobs: number; now: () => number },
): Promise<SearchRun> {
  const { study, config } = searched;
  const key = keyOf(searched);
  const { experimentId } = await store.experiment(study.name);
  const tags = { [TASK_TAG]: TUNE_TASK, [KEY_TAG]: key };
  const [earlier] = await store.searchRuns({ experimentIds: [experimentId], tags, maxResults: 1 });
  const runId = earlier?.info.runId ?? (await newRun(store, experimentId, searched, key, now));
  const stored = await readFile(store, runId);
  const own = ownPoint(study, config.space);
  const started: Trial[] = "params" in own ? [{ number: 0, params: own.params, state: "running", value: null, steps: {}, folds: {} }] : [];
  const trials = stored && stored.trials.length > 0 ? goOn(stored.trials) : started;
  const file = {
    study: study.name,
    config,
    jobs: jobs ?? stored?.jobs ?? defaultJobs,
    folds: study.data.folds,
    own: "params" in own,
    trials,
  };
  await store.updateRun(runId, { status: "RUNNING", endTime: null });
  await store.setTags(runId, { [HOST_TAG]: hostname(), ...(earlier?.tags[ERROR_TAG] ? { [ERROR_TAG]: "" } : {}) });
  await store.putArtifact(runId, TUNE_FILES.search, JSON.stringify(file, null, 1));
  const held = trials.filter(({ state }) => state !== "running").length;
  return { experimentId, runId, key, file, goesOn: earlier !== undefined, held, outside: "outside" in own ? own.outside : undefined };
}

/** Where nothing but failures happened, something was wrong with more than the settings, and is cured now, or the search would not be started again. */
function goOn(trials: readonly Trial[]): Trial[] {
  const ended = trials.filter(({ state }) => state !== "running");
  if (ended.length === 0 || ended.some(({ state }) => state !== "failed")) return [...trials];
  return trials.map(({ number, params }) => ({ number, params, state: "running", value: null, steps: {}, folds: {} }));
}

async function readFile(store: Store, runId: string): Promise<TuneFile | undefined> {
  if (!(await store.listArtifacts(runId)).some(({ path }) => path === TUNE_FILES.search)) return undefined;
  const text = (await store.readArtifact(runId, TUNE_FILES.search)).toString("utf8");
  return parseConfig(tuneFileSchema, JSON.parse(text), `${TUNE_FILES.search} of run ${runId}`);
}

async function newRun(
  store: Store,
  experimentId: string,
  { study, config, data, circumstances }: Searched,
  key: string,
  now: () => number,
) {
  const { info } = await store.createRun({
    experimentId,
    name: `${study.name} tune`,
    startTime: Math.floor(now()),
    tags: {
      ...(await nativeTags()),
      ...{ [TASK_TAG]: TUNE_TASK, [STUDY_TAG]: study.name, [KEY_TAG]: key, [HOST_TAG]: hostname() },
      ...{ "sonomark.code": circumstances.code, "sonomark.data": circumstances.data, "sonomark.engine": circumstances.engine },
      "mlflow.note.content": `Search over ${config.space.map(({ path }) => path).join(", ")} by the inner splits of every fold.`,
    },
  });
  const { trials: _many, ...search } = config;
  await store.logParams(info.runId, flattenParams({ tune: search }));
  await store.logInputs(info.runId, [data.input]);
  await store.putArtifact(info.runId, "study.json", JSON.stringify(study, null, 2));
  for (const [path, text] of Object.entries(data.artifacts)) await store.putArtifact(info.runId, path, text);
  return info.runId;
}
