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

describe("sonomark pretrain, told by SIGUSR2 to stop", (test) => {
  test("leaves no run RUNNING, says how to go on, and ends with exit code 75", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sonomark-interrupt-"));
    const settings = ["encoder.width=4", "data.imageSize=32", "pretrain.epochs=10000"].flatMap((setting) => ["--set", setting]);
    const program = [
      join(packageRoot, "src/cli/sonomark.mjs"),
      "pretrain",
      "demo",
      "--store",
      folder,
      "--jobs",
      "1",
      "--stop-on-collapse",
      ...settings,
    ];
    const child = spawn(process.execPath, program, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (/pretrain\/fold-0: started/.test(text)) child.kill("SIGUSR2");
    });
    const [code] = (await once(child, "close")) as [number | null];
    assert.is(code, 75, said);
    assert.match(said, /sonomark: stopped; the same command goes on from here\n$/);
    const store = openStore(folder, { now: () => 0 });
    const runs = await store.searchRuns({ experimentIds: [(await store.experiment("demo")).experimentId] });
    assert.equal([...new Set(runs.map(({ info }) => info.status))], ["KILLED"]);
    const study = runs.find(({ tags }) => tags["sonomark.task"] === "study");
    assert.is(study?.params["pretrain.stopOnCollapse"], "true", "as --stop-on-collapse asks");
    await rm(folder, { recursive: true });
  });
});
