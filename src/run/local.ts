/** @file Runs tasks as processes on this machine, as many side by side as asked, each as soon as its needs are there. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stage, Task, TaskEvent } from "../config/task.ts";
import { packageRoot } from "../util/files.ts";
import { UserError } from "../util/user-error.ts";
import { passOn } from "./quiet-stderr.ts";
import { EXIT_STOPPED, STOP_SIGNALS } from "./stage.ts";

/** The program of each stage. Executors start it; nothing imports it. */
const PROGRAM: Record<Stage, string> = {
  pretrain: "pretrain/main.ts",
  finetune: "finetune/main.ts",
  evaluate: "finetune/main.ts",
  explain: "analysis/main.ts",
  analyse: "analysis/main.ts",
  external: "finetune/main.ts",
  tuned: "finetune/main.ts",
};

/** How long a task may take to store a checkpoint after it was told to stop: less than the 30 s that SLURM leaves between SIGTERM and SIGKILL. */
const GRACE_MS = 25_000;

/** Somebody told a task to stop, and not this process: a cluster may signal every process of a job, in any order. */
export class TaskStopped extends UserError {}

export interface ExecutorOptions {
  /** processes at once */
  jobs: number;
  signal: AbortSignal;
  onEvent(task: Task, event: TaskEvent | { kind: "start" } | { kind: "end" }): void;
}

/**
 * Runs `tasks`; a task starts when every task that it needs, and that is in the list, has ended well.
 * @throws UserError or Error of the first task that fails, after the others were stopped; AbortError where `signal` fires
 */
export async function runLocally(tasks: readonly Task[], options: ExecutorOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sonomark-"));
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const waiting = new Map(tasks.map((task) => [task.name, task]));
  const running = new Map<string, Promise<void>>();
  let failure: unknown;
  try {
    while (waiting.size + running.size > 0) {
      if (!signal.aborted)
        for (const task of waiting.values()) {
          if (running.size >= options.jobs) break;
          if (Object.keys(task.needs).some((name) => waiting.has(name) || running.has(name))) continue;
          waiting.delete(task.name);
          const work = runOne(task, folder, signal, options)
            .catch((error: unknown) => {
              failure ??= error;
              stop.abort();
            })
            .finally(() => running.delete(task.name));
          running.set(task.name, work);
        }
      if (running.size === 0) break;
      await Promise.race(running.values());
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  options.signal.throwIfAborted();
  if (failure) throw failure;
}

async function runOne(task: Task, folder: string, signal: AbortSignal, options: ExecutorOptions): Promise<void> {
  const file = join(folder, `${task.name.replaceAll("/", "-")}.json`);
  await writeFile(file, JSON.stringify(task));
  options.onEvent(task, { kind: "start" });
  let failed: Extract<TaskEvent, { kind: "failed" }> | undefined;
  const child = spawn(process.execPath, ["--import", "tsx", join(packageRoot, PROGRAM[task.stage]), "--task", file], {
    cwd: packageRoot,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  if (child.stderr) passOn(child.stderr);
  child.on("message", (event: TaskEvent) => {
    if (event.kind === "failed") failed = event;
    options.onEvent(task, event);
  });
  const { code, by } = await ended(child, signal);
  if (code === 0) return options.onEvent(task, { kind: "end" });
  if (signal.aborted) return;
  if (code === EXIT_STOPPED || STOP_SIGNALS.some((name) => name === by))
    throw new TaskStopped(`${task.name} was told to stop; the same command goes on from here`);
  if (failed) throw failed.user ? new UserError(failed.message) : new Error(`${task.name}: ${failed.message}`);
  throw new UserError(`${task.name} died (${by ?? `exit code ${code}`}); if memory ran out, try --jobs 1, then run the same command again`);
}

/** Waits for a process; on `signal` it is asked to stop (SIGTERM) and, after a grace period, killed. */
function ended(child: ChildProcess, signal: AbortSignal): Promise<{ code: number | null; by: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill("SIGTERM");
      timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    };
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    child.once("error", reject);
    child.once("exit", (code, by) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve({ code, by });
    });
  });
}
