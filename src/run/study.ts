/** @file Runs a study: skips what the store already holds, goes on where a killed study stopped, and gathers the results. */
import { hostname } from "node:os";
import type { StudyConfig } from "../config/study.ts";
import type { Stage, Task } from "../config/task.ts";
import { flattenParams } from "../tracking/flatten-params.ts";
import { nativeTags } from "../tracking/run-tags.ts";
import type { DatasetInput, Run, Store } from "../tracking/store.ts";
import { hashOf } from "../util/hash.ts";
import { messageOf } from "../util/user-error.ts";
import { runLocally, TaskStopped, type ExecutorOptions } from "./local.ts";
import { dealOf, planStudy, upTo, type Circumstances, type PlannedTask } from "./plan.ts";
import { gatherResults } from "./results.ts";
import { LockLost } from "./lock.ts";
import { COMPLETE_TAG, ERROR_TAG, HOST_TAG, KEY_TAG, STUDY_TAG, STUDY_TASK, TASK_TAG } from "./tags.ts";
import { decidingStudy } from "./task-params.ts";

/** What a study run records of its data. This room does not read images: the caller did. */
export interface StudyData {
  /** hash of the manifest: part of every task's key */
  digest: string;
  input: DatasetInput;
  /** text artifacts of the parent run, by path: the fold file, the manifest's summary */
  artifacts: Record<string, string>;
}

export interface StudyOptions extends Pick<ExecutorOptions, "jobs" | "signal" | "onEvent"> {
  store: Store;
  data: StudyData;
  circumstances: Omit<Circumstances, "data">;
  now: () => number;
  /** Last stage to run; "analyse" completes the study. */
  until?: Stage;
  /** Told once, before the first task: which tasks will run and which the store holds. */
  onPlan?: (plan: { todo: PlannedTask[]; held: PlannedTask[] }) => void;
}

export interface StudyOutcome {
  run: Run;
  /** false where the store already held everything */
  ran: boolean;
}

/**
 * Runs `study` to its end (or to `until`). The caller holds the study's lock.
 * @throws UserError for what the user can cure; the abort reason where `signal` fires, with the runs marked KILLED
 */
export async function runStudy(study: StudyConfig, options: StudyOptions): Promise<StudyOutcome> {
  const { store, data, now, until = "analyse" } = options;
  const circumstances = { ...options.circumstances, data: data.digest };
  const plan = upTo(planStudy(study, circumstances), until);
  const key = hashOf({ study: decidingStudy(study), ...circumstances });
  const { experimentId } = await store.experiment(study.name);

  const held = await finishedTasks(store, experimentId, plan);
  const earlier = await newestRun(store, experimentId, { [TASK_TAG]: STUDY_TASK, [KEY_TAG]: key });
  const todo = plan.filter((task) => !held.has(task.key));
  const done = earlier?.info.status === "FINISHED" && (until !== "analyse" || earlier.tags[COMPLETE_TAG] === "true");
  if (earlier && todo.length === 0 && done) return { run: earlier, ran: false };

  const parent = earlier ?? (await openStudyRun(store, experimentId, study, key, data, circumstances, now));
  const runId = parent.info.runId;
  await closeAbandoned(store, experimentId, runId, now);
  await store.updateRun(runId, { status: "RUNNING", endTime: null });
  await store.setTags(runId, { [HOST_TAG]: hostname(), ...(parent.tags[ERROR_TAG] ? { [ERROR_TAG]: "" } : {}) });
  options.onPlan?.({ todo, held: plan.filter((task) => held.has(task.key)) });
  try {
    const bound = {
      data: data.digest,
      code: circumstances.code,
      checkpoint: circumstances.checkpoint ?? null,
      store: store.uri,
      experimentId,
      parentRunId: runId,
    };
    await runLocally(
      todo.map((task): Task => ({ ...task, ...bound, study: dealOf(study, task.repeat) })),
      options,
    );
    await gatherResults(store, runId, await finishedTasks(store, experimentId, plan), plan, now);
    if (until === "analyse") await store.setTags(runId, { [COMPLETE_TAG]: "true" });
    await store.updateRun(runId, { status: "FINISHED", endTime: Math.floor(now()) });
  } catch (error) {
    // a store that fails here too must not hide why the study ended
    if (!(options.signal.reason instanceof LockLost)) await endBadly(error).catch(() => {});
    throw error;
  }
  return { run: await store.getRun(runId), ran: true };

  async function endBadly(error: unknown): Promise<void> {
    const status = options.signal.aborted || error instanceof TaskStopped ? "KILLED" : "FAILED";
    await closeAbandoned(store, experimentId, runId, now);
    if (status === "FAILED") await store.setTags(runId, { [ERROR_TAG]: messageOf(error).slice(0, 5000) });
    await store.updateRun(runId, { status, endTime: Math.floor(now()) });
  }
}

async function newestRun(store: Store, experimentId: string, tags: Record<string, string>): Promise<Run | undefined> {
  const [run] = await store.searchRuns({ experimentIds: [experimentId], tags, maxResults: 1 });
  return run;
}

/** Key → finished run, of every planned task that the store holds. */
async function finishedTasks(store: Store, experimentId: string, plan: readonly PlannedTask[]): Promise<Map<string, Run>> {
  const wanted = new Set(plan.map((task) => task.key));
  const runs = await store.searchRuns({ experimentIds: [experimentId], status: ["FINISHED"] });
  const newestLast = runs.filter((run) => wanted.has(run.tags[KEY_TAG] ?? "")).reverse(); // the newest counts, here as in a stage
  return new Map(newestLast.map((run) => [run.tags[KEY_TAG], run]));
}

async function openStudyRun(
  store: Store,
  experimentId: string,
  study: StudyConfig,
  key: string,
  data: StudyData,
  circumstances: Circumstances,
  now: () => number,
): Promise<Run> {
  const run = await store.createRun({
    experimentId,
    name: study.name,
    startTime: Math.floor(now()),
    tags: {
      ...(await nativeTags()),
      [TASK_TAG]: STUDY_TASK,
      [STUDY_TAG]: study.name,
      [KEY_TAG]: key,
      "sonomark.code": circumstances.code,
      "sonomark.data": circumstances.data,
      "sonomark.engine": circumstances.engine,
      [HOST_TAG]: hostname(),
      "mlflow.note.content": [
        study.description,
        study.transductive ? "Transductive: pretraining saw the held-out images (without labels)." : "",
      ]
        .filter(Boolean)
        .join("\n\n"),
    },
  });
  await store.logParams(run.info.runId, flattenParams(study));
  await store.logInputs(run.info.runId, [data.input]);
  await store.putArtifact(run.info.runId, "study.json", JSON.stringify(study, null, 2));
  await store.putArtifact(run.info.runId, "plan.json", JSON.stringify(planStudy(study, circumstances), null, 2));
  for (const [path, text] of Object.entries(data.artifacts)) await store.putArtifact(run.info.runId, path, text);
  return run;
}

/**
 * Runs of the study that a dead process left RUNNING end as KILLED: a checkpoint is gone on from, others start anew. The lock says that nobody
 * works on them: in a folder on whatever machine that sees it, on a server only on this one.
 */
export async function closeAbandoned(store: Store, experimentId: string, parentRunId: string, now: () => number): Promise<void> {
  const anywhere = store.uri.startsWith("file:");
  const open = await store.searchRuns({ experimentIds: [experimentId], status: ["RUNNING"] });
  for (const { info, tags } of open)
    if (info.runId !== parentRunId && STUDY_TAG in tags && (anywhere || tags[HOST_TAG] === hostname()))
      await store.updateRun(info.runId, { status: "KILLED", endTime: Math.floor(now()) });
}
