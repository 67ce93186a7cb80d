/** @file The life of a stage process: reads its task, opens its run, does the work, ends the run whatever happens. */
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setImmediate } from "node:timers/promises";
import { parseArgs } from "node:util";
import { taskSchema, type Stage, type Task, type TaskEvent } from "../config/task.ts";
import { openStore } from "../tracking/open-store.ts";
import { nativeTags } from "../tracking/run-tags.ts";
import type { MetricPoint, Run, Store } from "../tracking/store.ts";
import { messageOf, UserError } from "../util/user-error.ts";
import { codeVersion } from "./code-version.ts";
import { ERROR_TAG, HOST_TAG, KEY_TAG, STUDY_TAG, TASK_TAG } from "./tags.ts";
import { taskParams } from "./task-params.ts";

/** Metric points that wait in memory before they are written together. */
const METRICS_A_BATCH = 200;

/** What a stage's work may use. */
export interface StageContext {
  readonly task: Task;
  readonly store: Store;
  /** this task's own run */
  readonly runId: string;
  readonly now: () => number;
  /** Tells how far the work is, lets signals in, and throws where the task was told to stop. Await it every step. */
  progress(done: number, total: number, note?: string): Promise<void>;
  /** Logs one point of a metric; written in batches and at the end. */
  metric(key: string, value: number, step: number): void;
  /** Writes one artifact of this task's run. */
  artifact(path: string, data: string | Uint8Array): Promise<void>;
  /** The finished run of a task that this one needs. */
  needed(taskName: string): Promise<Run>;
}

export type StageHandlers = Partial<Record<Stage, (context: StageContext) => Promise<void>>>;

/** Thrown out of `progress` when the task was told to stop. */
class Stopped extends Error {}

/** Exit codes of a stage process; 75 is EX_TEMPFAIL of sysexits.h: stopped, may be run again. */
const EXIT = { done: 0, failed: 1, stopped: 75 } as const;

/**
 * Runs the task named by `--task <file>` with the handler of its stage and exits.
 * The run ends FINISHED, FAILED (with the reason as a tag) or, on SIGTERM, KILLED.
 */
export async function runStage(handlers: StageHandlers, { now }: { now: () => number }): Promise<void> {
  const tell = (event: TaskEvent) => void process.send?.(event);
  let stopping = false;
  process.on("SIGINT", () => {}); // the parent decides: in a terminal, Ctrl-C reaches both
  process.on("SIGTERM", () => (stopping = true));
  process.on("disconnect", () => process.exit(EXIT.failed)); // the parent died: its successor starts this task anew

  let store: Store | undefined;
  let runId: string | undefined;
  try {
    const task = await readTask();
    const handler = handlers[task.stage];
    if (!handler) throw new RangeError(`runStage: no handler for stage "${task.stage}", known: ${Object.keys(handlers).join(", ")}`);
    if ((await codeVersion()) !== task.code)
      throw new UserError("the code changed while the study ran; run the same command again", { status: 409 });
    store = openStore(task.store, { now });
    runId = await openRun(store, task, now());
    tell({ kind: "run", runId });

    const points: MetricPoint[] = [];
    const flush = async () => {
      await store!.logMetrics(runId!, points);
      points.length = 0; // only what is written is forgotten
    };
    await handler({
      task,
      store,
      runId,
      now,
      async progress(done, total, note) {
        tell({ kind: "progress", done, total, ...(note === undefined ? {} : { note }) });
        if (points.length >= METRICS_A_BATCH) await flush();
        await setImmediate();
        if (stopping) throw new Stopped("told to stop");
      },
      metric: (key, value, step) => void points.push({ key, value, step, timestamp: Math.floor(now()) }),
      artifact: (path, data) => store!.putArtifact(runId!, path, data),
      needed: (name) => neededRun(store!, task, name),
    });
    await flush();
    await store.updateRun(runId, { status: "FINISHED", endTime: Math.floor(now()) });
    process.exitCode = EXIT.done;
  } catch (error) {
    const stopped = error instanceof Stopped;
    process.exitCode = stopped ? EXIT.stopped : EXIT.failed;
    if (!stopped) tell({ kind: "failed", message: messageOf(error), user: error instanceof UserError });
    if (!stopped && !(error instanceof UserError)) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    if (store && runId) {
      if (!stopped) await store.setTags(runId, { [ERROR_TAG]: messageOf(error).slice(0, 5000) });
      await store.updateRun(runId, { status: stopped ? "KILLED" : "FAILED", endTime: Math.floor(now()) });
    }
  } finally {
    if (process.connected) process.disconnect();
    process.exit();
  }
}

async function readTask(): Promise<Task> {
  const { values } = parseArgs({ options: { task: { type: "string" } } });
  if (!values.task) throw new UserError("no task given: a stage is started by `sonomark study`, or with --task <file.json>");
  return taskSchema.parse(JSON.parse(await readFile(values.task, "utf8")));
}

async function openRun(store: Store, task: Task, startTime: number): Promise<string> {
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

async function neededRun(store: Store, task: Task, name: string): Promise<Run> {
  const key = task.needs[name];
  if (!key)
    throw new RangeError(`needed: task ${task.name} does not need "${name}", it needs: ${Object.keys(task.needs).join(", ") || "nothing"}`);
  const [run] = await store.searchRuns({ experimentIds: [task.experimentId], tags: { [KEY_TAG]: key }, status: ["FINISHED"] });
  if (!run) throw new UserError(`task ${task.name} needs the finished run of ${name}, and the store has none: run the study again`);
  return run;
}
