import { fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { studySchema } from "../config/study.ts";
import type { Task, TaskEvent } from "../config/task.ts";
import { describe } from "../testing/describe.ts";
import { openStore } from "../tracking/open-store.ts";
import { packageRoot } from "../util/files.ts";
import { range } from "../util/rng.ts";

/** Steps of the whole work; of those, a checkpoint every 180, and points are written every 100. */
const STEPS = 400;
const study = studySchema.parse({
  name: "counting",
  data: { source: "folder:x" },
  pretrain: { epochs: STEPS, checkpointMinutes: 3 },
});

interface Attempt {
  code: number | null;
  /** by which the process ended */
  by: NodeJS.Signals | null;
  runId: string;
  notes: string[];
  failed: string | undefined;
}

/** A store in a temporary folder, and attempts at one task as the processes that they are. */
async function inStore(body: (at: Awaited<ReturnType<typeof counting>>) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sonomark-stage-"));
  await body(await counting(folder));
  await rm(folder, { recursive: true });
}

async function counting(folder: string) {
  const store = openStore(join(folder, "runs"), { now: () => 0 });
  const { experimentId } = await store.experiment(study.name);
  const task: Task = {
    name: "pretrain/fold-0",
    key: "k",
    stage: "pretrain",
    fold: 0,
    arm: null,
    repeat: 0,
    seed: 0,
    checkpoint: null,
    needs: {},
    study,
    data: "d",
    code: "c",
    store: store.uri,
    experimentId,
    parentRunId: "p",
  };
  return {
    store,
    runs: () => store.searchRuns({ experimentIds: [experimentId] }),
    /** Runs the task; at step `hold` the process stays, and gets `signal` or fails. */
    attempt: async ({ hold, signal, over }: { hold?: number; signal?: NodeJS.Signals; over?: Partial<Task> } = {}): Promise<Attempt> => {
      const file = join(folder, "task.json");
      await writeFile(file, JSON.stringify({ ...task, ...over }));
      const env = { ...process.env, ...(hold === undefined ? {} : { HOLD: String(hold) }), ...(hold && !signal ? { FAIL: "1" } : {}) };
      const program = join(packageRoot, "src/testing/counting-stage.ts");
      const child = fork(program, ["--task", file], { execArgv: ["--import", "tsx"], env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
      const seen: Pick<Attempt, "runId" | "notes" | "failed"> = { runId: "", notes: [], failed: undefined };
      child.on("message", (event: TaskEvent) => {
        if (event.kind === "run") seen.runId = event.runId;
        if (event.kind === "note") seen.notes.push(event.text);
        if (event.kind === "failed") seen.failed = event.message;
        if (event.kind === "progress" && event.done === hold && signal) child.kill(signal);
      });
      return new Promise((resolve) => child.once("exit", (code, by) => resolve({ code, by, ...seen })));
    },
  };
}

describe("a stage process that is killed with kill -9", (test) => {
  test("goes on from its last checkpoint in the same run, and no metric point is missing or there twice", () =>
    inStore(async ({ store, runs, attempt }) => {
      const killed = await attempt({ hold: 300, signal: "SIGKILL" });
      assert.is(killed.by, "SIGKILL");
      const before = await store.metricHistory(killed.runId, "count");
      assert.is(before.length, 280, "points were written after the checkpoint at 180, and others were lost");
      await store.updateRun(killed.runId, { status: "KILLED", endTime: 1 }); // as a study does with what a dead process left open

      const next = await attempt({ over: { parentRunId: "another" } });
      assert.equal([next.code, next.runId], [0, killed.runId]);
      assert.equal(next.notes, [`goes on at 180 with checkpoint/last.safetensors of run ${killed.runId}`]);
      for (const [key, valueAt] of [["count", (i: number) => i] as const, ["square", (i: number) => i ** 2] as const])
        assert.equal(
          (await store.metricHistory(killed.runId, key)).map(({ step, value }) => [step, value]),
          range(STEPS).map((i) => [i, valueAt(i)]),
        );
      assert.equal((await store.metricHistory(killed.runId, "count")).slice(0, 280), before, "what was there stays as it was");
      const [run, ...others] = await runs();
      assert.equal([run.info.status, others.length], ["FINISHED", 0]);
      assert.equal([run.tags.resumed, run.tags["mlflow.parentRunId"]], ["true", "another"]);
      assert.is((await store.readArtifact(run.info.runId, "checkpoint/last.safetensors")).toString(), String(STEPS));
    }));

  test("starts a new run where it left no checkpoint, or where another task did", () =>
    inStore(async ({ store, runs, attempt }) => {
      const early = await attempt({ hold: 150, signal: "SIGKILL" });
      await store.updateRun(early.runId, { status: "KILLED", endTime: 1 });
      const stopped = await attempt({ hold: 20, signal: "SIGTERM", over: { key: "another" } });
      const next = await attempt();
      assert.is(next.code, 0);
      assert.is(new Set([early.runId, stopped.runId, next.runId]).size, 3);
      assert.equal(next.notes, []);
      assert.is((await runs()).length, 3);
    }));
});

describe("a stage process that is told to stop", (test) => {
  for (const signal of ["SIGTERM", "SIGUSR2"] as const)
    test(`by ${signal} stores a checkpoint of this very step, ends KILLED with exit code 75, and can go on`, () =>
      inStore(async ({ store, attempt }) => {
        const stopped = await attempt({ hold: 50, signal });
        assert.equal([stopped.code, stopped.by, stopped.failed], [75, null, undefined]);
        const run = await store.getRun(stopped.runId);
        assert.is(run.info.status, "KILLED");
        assert.is((await store.readArtifact(stopped.runId, "checkpoint/last.safetensors")).toString(), "50");
        assert.equal(
          (await store.metricHistory(stopped.runId, "count")).map(({ step }) => step),
          range(50),
        );
        if (signal === "SIGTERM") return;
        assert.equal([(await attempt()).code, (await store.getRun(stopped.runId)).info.status], [0, "FINISHED"]);
      }));
});

describe("a stage process that fails", (test) => {
  test("goes on from its last checkpoint when it is run again, and says no more why it failed", () =>
    inStore(async ({ store, attempt }) => {
      const failed = await attempt({ hold: 200 });
      assert.equal([failed.code, failed.failed], [1, "failed as asked"]);
      const before = await store.getRun(failed.runId);
      assert.equal([before.info.status, before.tags["sonomark.error"]], ["FAILED", "failed as asked"]);
      const next = await attempt();
      assert.equal([next.code, next.runId, next.notes.length], [0, failed.runId, 1]);
      const after = await store.getRun(failed.runId);
      assert.equal([after.info.status, after.tags["sonomark.error"]], ["FINISHED", ""]);
    }));
});
