/** @file `sonomark evaluate` as a user starts it: a run below the study's, found again the second time; text, JSON and files. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { fittedStudy, speckleSet } from "../testing/fitted-study.ts";
import { describe } from "../testing/describe.ts";
import { withFolder, writeFiles } from "../testing/picture-files.ts";
import { packageRoot } from "../util/files.ts";

/** `sonomark evaluate …` in `cwd`, with a cache of its own. */
const evaluate = (cwd: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const program = [join(packageRoot, "src/cli/sonomark.mjs"), "evaluate", "--store", join(cwd, "mlruns"), ...args];
    const env = { ...process.env, SONOMARK_CACHE: join(cwd, "cache") };
    execFile(process.execPath, program, { cwd, env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

describe("sonomark evaluate", (test) => {
  test("tests a study on another data set, in a run below the study's, once", () =>
    withFolder(async (folder) => {
      process.env.SONOMARK_CACHE = join(folder, "cache");
      const { store, studyRunId } = await fittedStudy(folder);
      await writeFiles(join(folder, "other"), await speckleSet(6, 2, ["harmless", "cancer"]));
      const asked = ["--model", "fitted", "--data", "folder:other", "--classes", "harmless,cancer"];
      const first = await evaluate(folder, ...asked, "--out", "results");
      assert.is(first.code, 0, first.stderr);
      assert.match(
        first.stdout,
        /^External test: models of the study fitted \(trained on folder\) on folder, benign against malignant: 12 images of 12 groups/,
      );
      assert.match(first.stdout, /\nNone of 12 images shows a picture of the study /);
      assert.match(first.stdout, /\nExternal minus internal AUROC of single models of scratch: /);
      for (const heading of [
        "What has shifted",
        "rule of training",
        "Told apart by the features of",
        "The calibration of training is kept",
      ])
        assert.ok(first.stdout.includes(heading), heading);

      const second = await evaluate(folder, ...asked, "--json");
      const told = JSON.parse(second.stdout) as { runId: string; ran: boolean; evaluation: unknown; external: unknown; shift: unknown };
      assert.equal([second.code, told.ran], [0, false]);
      assert.match(second.stderr, /the store already holds this test/);
      const run = await store.getRun(told.runId);
      assert.equal([run.info.status, run.info.name, run.tags["mlflow.parentRunId"]], ["FINISHED", "external/folder", studyRunId]);
      for (const [name, part] of Object.entries({ evaluation: told.evaluation, external: told.external, shift: told.shift }))
        assert.equal(JSON.parse(await readFile(join(folder, "results", `${name}.json`), "utf8")), part);
      assert.is((await readFile(join(folder, "results/predictions.csv"), "utf8")).trim().split("\n").length, 1 + 12);

      const wrong = await evaluate(folder, "--model", "fitted", "--data", "folder:other");
      assert.equal([wrong.code, wrong.stdout], [1, ""]);
      assert.match(wrong.stderr, /^sonomark: folder:other: no image has the class "benign" \(there are cancer, harmless\)/m);
      assert.not.match(wrong.stderr, /\n {4}at /);
    }));
});
