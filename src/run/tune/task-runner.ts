/** @file Runs single tasks that several trials may need: what the store holds is not run again, and what two need at once is run once. */
import type { Task } from "../../config/task.ts";
import type { Run, Store } from "../../tracking/store.ts";
import { runLocally, type ExecutorOptions } from "../local.ts";
import { LockLost } from "../lock.ts";
import { KEY_TAG } from "../tags.ts";

export interface TaskRunner {
  /**
   * The finished run of the task, whose needs have run.
   * @param onEvent of the process, where this call starts it
   * @throws what ended the task
   */
  ensure(task: Task, onEvent: ExecutorOptions["onEvent"]): Promise<Run>;
  /** how many tasks were run */
  ran(): number;
}

export interface TaskRunnerOptions {
  store: Store;
  experimentId: string;
  signal: AbortSignal;
  now: () => number;
  /** runs tasks as processes of this machine, where nothing else is given */
  execute?: typeof runLocally;
}

export async function taskRunner({ store, experimentId, signal, now, execute = runLocally }: TaskRunnerOptions): Promise<TaskRunner> {
  const finished = new Map<string, Run>();
  // the newest counts, here as in a stage
  for (const run of (await store.searchRuns({ experimentIds: [experimentId], status: ["FINISHED"] })).reverse())
    if (run.tags[KEY_TAG]) finished.set(run.tags[KEY_TAG], run);
  const running = new Map<string, Promise<Run>>();
  let count = 0;

  async function work(task: Task, onEvent: ExecutorOptions["onEvent"]): Promise<Run> {
    let runId: string | undefined;
    try {
      count++;
      await execute([task], {
        ...{ jobs: 1, signal },
        onEvent(of, event) {
          if (event.kind === "run") ({ runId } = event);
          onEvent(of, event);
        },
      });
    } catch (error) {
      // a process that died has not ended its run; a store that fails here too must not hide why
      if (!(signal.reason instanceof LockLost)) await closeOpen(task).catch(() => {});
      throw error;
    }
    if (runId === undefined) throw new RangeError(`taskRunner: a task that ends well must have told its run, got none of ${task.name}`);
    const run = await store.getRun(runId); // no search: it reads every run of the experiment
    finished.set(task.key, run);
    return run;
  }

  async function closeOpen({ key }: Task): Promise<void> {
    const open = await store.searchRuns({ experimentIds: [experimentId], tags: { [KEY_TAG]: key }, status: ["RUNNING"] });
    for (const { info } of open) await store.updateRun(info.runId, { status: "KILLED", endTime: Math.floor(now()) });
  }

  return {
    async ensure(task, onEvent) {
      const held = finished.get(task.key);
      if (held) return held;
      const started = running.get(task.key) ?? work(task, onEvent).finally(() => running.delete(task.key));
      running.set(task.key, started);
      return started;
    },
    ran: () => count,
  };
}
