/** @file The run of a task: an interrupted attempt that left a checkpoint goes on; otherwise a new one is made. */
import { hostname } from "node:os";
import type { Task } from "../config/task.ts";
import { nativeTags } from "../tracking/run-tags.ts";
import type { Store } from "../tracking/store.ts";
import { ERROR_TAG, HOST_TAG, KEY_TAG, STUDY_TAG, TASK_TAG } from "./tags.ts";
import { taskParams } from "./task-params.ts";

/** Where a task's run keeps what it needs to go on. */
export const CHECKPOINT = "checkpoint/last.safetensors";

/** A checkpoint of an earlier, interrupted attempt. */
export interface Resume {
  bytes: Uint8Array;
  /** names it in messages */
  source: string;
}

export interface TaskRun {
  runId: string;
  resume: Resume | undefined;
  /** last step of each metric that the run already has: from a checkpoint on, steps repeat what was logged after it */
  logged: ReadonlyMap<string, number>;
}

/** The run is RUNNING then, on this machine and under the task's parent. */
export async function openRun(store: Store, task: Task, now: number): Promise<TaskRun> {
  return (await goOn(store, task)) ?? { runId: await newRun(store, task, now), resume: undefined, logged: new Map() };
}

/** Reopens the newest attempt at this very task that ended early and left a checkpoint. */
async function goOn(store: Store, task: Task): Promise<TaskRun | undefined> {
  const status = ["KILLED" as const, "FAILED" as const];
  for (const { info, metrics } of await store.searchRuns({ experimentIds: [task.experimentId], tags: { [KEY_TAG]: task.key }, status })) {
    const { runId } = info;
    if (!(await store.listArtifacts(runId, "checkpoint")).some(({ path }) => path === CHECKPOINT)) continue;
    const bytes = await store.readArtifact(runId, CHECKPOINT);
    await store.setTags(runId, { [HOST_TAG]: hostname(), [ERROR_TAG]: "", "mlflow.parentRunId": task.parentRunId });
    await store.updateRun(runId, { status: "RUNNING", endTime: null });
    const logged = new Map(Object.values(metrics).map(({ key, step }) => [key, step]));
    return { runId, resume: { bytes, source: `${CHECKPOINT} of run ${runId}` }, logged };
  }
  return undefined;
}

async function newRun(store: Store, task: Task, startTime: number): Promise<string> {
  const run = await store.createRun({
    experimentId: task.experimentId,
    name: task.name,
    startTime: Math.floor(startTime),
    parentRunId: task.parentRunId,
    tags: { ...(await nativeTags()), [TASK_TAG]: task.name, [KEY_TAG]: task.key, [STUDY_TAG]: task.study.name, [HOST_TAG]: hostname() },
  });
  await store.logParams(run.info.runId, taskParams(task));
  return run.info.runId;
}
