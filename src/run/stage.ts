/** @file The life of a stage process: reads its task, opens its run, does the work, ends the run whatever happens. */
import { readFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { parseArgs } from "node:util";
import { taskSchema, type Stage, type Task, type TaskEvent } from "../config/task.ts";
import { openStore } from "../tracking/open-store.ts";
import type { MetricPoint, Run, Store } from "../tracking/store.ts";
import { messageOf, UserError } from "../util/user-error.ts";
import { codeVersion } from "./code-version.ts";
import { CHECKPOINT, openRun, type Resume } from "./open-run.ts";
import { ERROR_TAG, KEY_TAG } from "./tags.ts";

/** Metric points that wait in memory before they are written together. */
const METRICS_A_BATCH = 200;

/** What a stage's work may use. */
export interface StageContext {
  readonly task: Task;
  readonly store: Store;
  /** this task's own run */
  readonly runId: string;
  readonly now: () => number;
  /** The checkpoint of an earlier attempt at this very task, which was interrupted; this run goes on with it. */
  readonly resume: Resume | undefined;
  /**
   * Tells how far the work is, lets signals in, and throws where the task was told to stop. Await it every step.
   * @param save makes a checkpoint of the work so far; called, and its bytes stored, where one is due or the task was told to stop
   */
  progress(done: number, total: number, note?: string, save?: () => Uint8Array | Promise<Uint8Array>): Promise<void>;
  /** Stores a checkpoint now: whole or not at all, in the place of the last one, after every metric point so far. */
  checkpoint(bytes: Uint8Array): Promise<void>;
  /** Says a sentence to the person at the console, at once. */
  note(text: string): void;
  /** Tags of this run. */
  tag(values: Record<string, string>): Promise<void>;
  /** Logs one point of a metric; written in batches and at the end. A point at or before a step that the run had when it was reopened is there already. */
  metric(key: string, value: number, step: number): void;
  /** Writes one artifact of this task's run. */
  artifact(path: string, data: string | Uint8Array): Promise<void>;
  /** The finished run of a task that this one needs. */
  needed(taskName: string): Promise<Run>;
}

export type StageHandlers = Partial<Record<Stage, (context: StageContext) => Promise<void>>>;

/** Thrown out of `progress` when the task was told to stop. */
class Stopped extends Error {}

/** EX_TEMPFAIL of sysexits.h: stopped, may be run again. Job scripts on clusters requeue on it. */
export const EXIT_STOPPED = 75;
const EXIT = { done: 0, failed: 1, stopped: EXIT_STOPPED } as const;

/** What a cluster sends before its time limit. (SIGUSR1 starts Node's inspector.) */
export const STOP_SIGNALS = ["SIGTERM", "SIGUSR2"] as const;

/**
 * Runs the task named by `--task <file>` with the handler of its stage and exits.
 * The run ends FINISHED, FAILED (with the reason as a tag) or, on a stop signal, KILLED.
 */
export async function runStage(
  handlers: StageHandlers,
  { now, version = codeVersion }: { now: () => number; version?: () => Promise<string> },
): Promise<void> {
  const tell = (event: TaskEvent) => void process.send?.(event);
  let stopping = false;
  process.on("SIGINT", () => {}); // the parent decides: in a terminal, Ctrl-C reaches both
  for (const signal of STOP_SIGNALS) process.on(signal, () => (stopping = true));
  process.on("disconnect", () => process.exit(EXIT.failed)); // the parent died: its successor goes on from the last checkpoint

  let store: Store | undefined;
  let runId: string | undefined;
  try {
    const task = await readTask();
    const handler = handlers[task.stage];
    if (!handler) throw new RangeError(`runStage: no handler for stage "${task.stage}", known: ${Object.keys(handlers).join(", ")}`);
    if ((await version()) !== task.code)
      throw new UserError("the code changed while the study ran; run the same command again", { status: 409 });
    store = openStore(task.store, { now });
    const { resume, logged, ...run } = await openRun(store, task, now());
    ({ runId } = run);
    tell({ kind: "run", runId });

    const points: MetricPoint[] = [];
    const flush = async () => {
      await store!.logMetrics(runId!, points);
      points.length = 0; // only what is written is forgotten
    };
    let saved = now();
    const checkpoint = async (bytes: Uint8Array) => {
      await flush(); // first, so that no point before the checkpoint is missing after it
      await store!.putArtifact(runId!, CHECKPOINT, bytes);
      saved = now();
    };
    const due = () => now() - saved >= 60_000 * task.study.pretrain.checkpointMinutes;
    await handler({
      task,
      store,
      runId,
      now,
      resume,
      async progress(done, total, note, save) {
        tell({ kind: "progress", done, total, ...(note === undefined ? {} : { note }) });
        if (points.length >= METRICS_A_BATCH) await flush();
        await setImmediate();
        if (save && (stopping || due())) await checkpoint(await save());
        if (stopping) throw new Stopped("told to stop");
      },
      checkpoint,
      note: (text) => tell({ kind: "note", text }),
      tag: (values) => store!.setTags(runId!, values),
      metric(key, value, step) {
        if (step > (logged.get(key) ?? -Infinity)) points.push({ key, value, step, timestamp: Math.floor(now()) });
      },
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

async function neededRun(store: Store, task: Task, name: string): Promise<Run> {
  const key = task.needs[name];
  if (!key)
    throw new RangeError(`needed: task ${task.name} does not need "${name}", it needs: ${Object.keys(task.needs).join(", ") || "nothing"}`);
  const [run] = await store.searchRuns({ experimentIds: [task.experimentId], tags: { [KEY_TAG]: key }, status: ["FINISHED"] });
  if (!run) throw new UserError(`task ${task.name} needs the finished run of ${name}, and the store has none: run the study again`);
  return run;
}
