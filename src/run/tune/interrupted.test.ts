import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { Trial } from "../../config/tune.ts";
import type { Tuned } from "../../config/tuned.ts";
import { assertUserError } from "../../testing/close.ts";
import { describe } from "../../testing/describe.ts";
import {
  inStore,
  landscape,
  landscapeRate as rate,
  landscapeRuns,
  landscapeStudy,
  landscapeTune as tuneOf,
} from "../../testing/landscape.ts";
import { packageRoot } from "../../util/files.ts";
import { UserError } from "../../util/user-error.ts";
import { ERROR_TAG, TASK_TAG } from "../tags.ts";
import { TRIAL_STATE_TAG, TRIAL_TASK } from "./tags.ts";
import { tuneStudy } from "./tune-study.ts";

describe("tuneStudy, interrupted", (test) => {
  test("a trial that fails is recorded with its reason, and the search goes on", () =>
    inStore(async (store) => {
      const spoil = (task: { study: typeof landscapeStudy; stage: string }) => {
        if (task.stage === "finetune" && task.study.finetune.optimiser.learningRate > 0.05) throw new UserError("the loss is NaN");
      };
      const { trials, tuned } = await tuneStudy(
        landscapeStudy,
        tuneOf({ sampler: { name: "sobol" }, trials: 12 }),
        landscape(store, { spoil }).options,
      );
      const high = trials.map(({ params }) => (params[rate.path] as number) > 0.05);
      assert.ok(high.includes(true));
      assert.equal(
        trials.map(({ state }) => state),
        high.map((is) => (is ? "failed" : "complete")),
      );
      assert.is(tuned.counts.failed, high.filter(Boolean).length);
      const child = (await landscapeRuns(store, TRIAL_TASK))[high.indexOf(true)];
      assert.equal([child.info.status, child.tags[ERROR_TAG], child.tags[TRIAL_STATE_TAG]], ["FAILED", "the loss is NaN", "failed"]);
    }));

  test("five trials that all fail stop the search with the reason; once cured the same search begins anew", () =>
    inStore(async (store) => {
      const spoil = () => {
        throw new UserError("no such driver");
      };
      const broken = landscape(store, { spoil });
      await assertUserError(
        () => tuneStudy(landscapeStudy, tuneOf({ trials: 30 }), broken.options),
        /^the first 5 trials failed, all because no such driver; cure that/,
      );
      const [search] = await landscapeRuns(store);
      assert.is(search.info.status, "FAILED");
      const { trials, run } = await tuneStudy(landscapeStudy, tuneOf(), landscape(store).options);
      assert.equal(new Set(trials.map(({ state }) => state)), new Set(["complete"]));
      assert.is(run.info.runId, search.info.runId);
      assert.is(run.tags[ERROR_TAG], "");
    }));

  test("stopped, its open runs are KILLED and the reason is thrown; the same call goes on", () =>
    inStore(async (store) => {
      const controller = new AbortController();
      let tasks = 0;
      const spoil = () => {
        if (++tasks === 23) controller.abort(new Error("told to stop"));
      };
      const stopped = landscape(store, { spoil, signal: controller.signal });
      assert.is(await tuneStudy(landscapeStudy, tuneOf(), stopped.options).catch((error: Error) => error.message), "told to stop");
      const states = (await landscapeRuns(store)).map(({ info }) => info.status);
      assert.ok(states.includes("KILLED") && !states.includes("RUNNING"));
      const next = landscape(store);
      const { trials } = await tuneStudy(landscapeStudy, tuneOf(), next.options);
      const whole = await inStore(async (other) => {
        const all = landscape(other);
        return { ...(await tuneStudy(landscapeStudy, tuneOf(), all.options)), ran: all.ran };
      });
      assert.equal(trials, whole.trials);
      assert.is(stopped.ran.length + next.ran.length, whole.ran.length);
    }));

  test("no trial starts after the time, and what there is by then is the result", () =>
    inStore(async (store) => {
      const { options } = landscape(store); // its clock goes a millisecond at each look
      const { trials } = await tuneStudy(landscapeStudy, tuneOf({ trials: 1000 }), { ...options, timeoutMs: 100 });
      assert.ok(trials.length > 1 && trials.length < 20);
    }));

  test("kill -9 of the whole process: the same command ends with the same trials, and runs no finished task again", async () => {
    const start = (folder: string, delay: number) => {
      const program = join(packageRoot, "src/testing/landscape-search.ts");
      const child = spawn(process.execPath, ["--import", "tsx", program, folder, "2"], { env: { ...process.env, DELAY: String(delay) } });
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (more: string) => (text += more));
      const ended = new Promise<string>((done) => child.once("close", () => done(text)));
      return { child, ended };
    };
    type Printed = { trials: Trial[]; tuned: Tuned; ran: string[] };
    await inStore(async (store, folder) => {
      const { child, ended } = start(folder, 60);
      while ((await landscapeRuns(store, TRIAL_TASK)).length < 4) await setTimeout(20);
      child.kill("SIGKILL");
      assert.is(await ended, "");
      const before = (await landscapeRuns(store)).filter(
        ({ info, tags }) => info.status === "FINISHED" && tags[TASK_TAG].includes("/"),
      ).length;
      const after = JSON.parse(await start(folder, 0).ended) as Printed;
      const whole = await inStore(async (_other, elsewhere) => JSON.parse(await start(elsewhere, 0).ended) as Printed);
      assert.equal([after.trials, after.tuned], [whole.trials, whole.tuned]);
      assert.ok(before > 5);
      assert.is(after.ran.length + before, whole.ran.length);
    });
  });
});
