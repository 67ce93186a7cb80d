import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import * as assert from "uvu/assert";
import { describe } from "../testing/describe.ts";
import { openStore } from "../tracking/open-store.ts";
import { packageRoot } from "../util/files.ts";
import { Interrupted, interruptSignal } from "./interrupt.ts";

describe("interruptSignal", (test) => {
  for (const [by, exitCode] of [["SIGINT", 130] as const, ["SIGTERM", 75] as const, ["SIGUSR2", 75] as const])
    test(`fires on ${by} with exit code ${exitCode} as its reason, and goes on stopping where a scheduler repeats itself`, async () => {
      const before = process.listenerCount(by);
      const { signal, release } = interruptSignal();
      process.kill(process.pid, by);
      while (!signal.aborted) await setTimeout(5);
      const { reason } = signal as { reason: unknown };
      assert.ok(reason instanceof Interrupted);
      assert.is(reason.exitCode, exitCode);
      process.emit("SIGTERM");
      process.emit("SIGUSR2");
      release();
      assert.is(process.listenerCount(by), before);
    });
});

/** `sonomark pretrain demo`, small, in the store of `folder`. */
function pretrain(folder: string, ...args: string[]) {
  const settings = ["data.folds=2", "data.imageSize=32", "encoder.width=4", "pretrain.epochs=100"].flatMap((setting) => ["--set", setting]);
  const program = [join(packageRoot, "src/cli/sonomark.mjs"), "pretrain", "demo", "--store", folder, "--jobs", "2", ...settings, ...args];
  const child = spawn(process.execPath, program, { stdio: ["ignore", "ignore", "pipe"], detached: true });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, said }));
  return { group: -child.pid!, ended };
}

describe("sonomark pretrain, told by SIGUSR2 to stop", (test) => {
  test("ends with exit code 75 and says how to go on, leaves no run RUNNING, and goes on in the same runs", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sonomark-interrupt-"));
    const store = openStore(folder, { now: () => 0 });
    const { experimentId } = await store.experiment("demo");
    const runs = async () => {
      const all = await store.searchRuns({ experimentIds: [experimentId] });
      return { study: all.find(({ tags }) => tags["sonomark.task"] === "study"), tasks: all.filter(({ info }) => info.name !== "demo") };
    };
    const stopped = pretrain(folder, "--stop-on-collapse");
    while (!(await runs()).tasks.some(({ metrics }) => "train/loss" in metrics))
      await Promise.race([setTimeout(50), stopped.ended.then(({ said }) => Promise.reject(new Error(said)))]);
    process.kill(stopped.group, "SIGUSR2"); // as a cluster does: every process of the job
    const { code, said } = await stopped.ended;
    assert.is(code, 75, said);
    assert.match(said, /sonomark: stopped; the same command goes on from here\n$/);
    const { study, tasks } = await runs();
    assert.is(study?.params["pretrain.stopOnCollapse"], "true", "as --stop-on-collapse asks");
    assert.equal([...new Set([study, ...tasks].map((run) => run?.info.status))], ["KILLED"]);
    const [interrupted] = tasks.filter(({ metrics }) => "train/loss" in metrics);
    const { step } = interrupted.metrics["train/loss"];
    assert.ok(step < 199, "there is something left to do");
    assert.is((await store.listArtifacts(interrupted.info.runId, "checkpoint")).length, 1);

    const again = await pretrain(folder).ended;
    assert.is(again.code, 0, again.said);
    const losses = await store.metricHistory(interrupted.info.runId, "train/loss");
    assert.equal([(await store.getRun(interrupted.info.runId)).info.status, losses.length], ["FINISHED", 200]);
    assert.is(new Set(losses.map((point) => point.step)).size, 200);
    assert.is((await runs()).study?.info.status, "FINISHED");
    await rm(folder, { recursive: true });
  });
});
