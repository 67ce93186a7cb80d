import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { assertUserError } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { packageRoot } from "../util/files.ts";
import { loadTune } from "./load-tune.ts";
import { timeout } from "./tune-command.ts";

async function inFolder(files: Record<string, string>, body: (path: (name: string) => string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sonomark-tune-cli-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await body((name) => join(folder, name));
  await rm(folder, { recursive: true });
}

const space = `[{ kind: "float", path: "finetune.headRate", low: 1, high: 9 }]`;
const files = {
  "with.ts": `export default { name: "with" }; export const tune = { space: ${space}, sampler: { name: "tpe", candidates: 48 }, trials: 9 };`,
  "without.ts": `export default { name: "without" };`,
  "empty.ts": `export default { name: "empty" }; export const tune = { space: [{ kind: "float", path: "finetune.headRate", low: 9, high: 9 }] };`,
  "space.json": `[{ "kind": "int", "path": "finetune.epochs", "low": 2, "high": 4 }]`,
  "torn.json": `[{`,
};

describe("loadTune", (test) => {
  test("reads the search that a study file exports, options over it", () =>
    inFolder(files, async (path) => {
      const tune = await loadTune(path("with.ts"), {
        trials: 3,
        sampler: "random",
        pruner: "wilcoxon",
        metric: "log_loss",
        seed: 4,
        set: ["pruner.threshold=0.2"],
      });
      assert.equal([tune.trials, tune.sampler, tune.metric, tune.seed], [3, { name: "random" }, "log_loss", 4]);
      assert.equal(tune.pruner, { name: "wilcoxon", threshold: 0.2, startupFolds: 2 });
      const same = await loadTune(path("with.ts"), { sampler: "tpe" });
      assert.is((same.sampler as { candidates: number }).candidates, 48, "the sampler that it has keeps its settings");
    }));
  test("a bare list in a file is another space, the rest stays", () =>
    inFolder(files, async (path) => {
      const tune = await loadTune(path("with.ts"), { space: path("space.json") });
      assert.equal([tune.space[0].path, tune.trials], ["finetune.epochs", 9]);
      assert.is((await loadTune(path("without.ts"), { space: path("space.json") })).trials, 50);
    }));
  test("says which file lacks what, and where a range is empty", () =>
    inFolder(files, async (path) => {
      await assertUserError(() => loadTune(path("without.ts"), {}), /without\.ts declares no search space: add `export const tune/);
      await assertUserError(
        () => loadTune(path("empty.ts"), {}),
        /space\.0\.high: finetune\.headRate: the range is empty: high must be above low \(9\), got 9/,
      );
      await assertUserError(() => loadTune(path("with.ts"), { space: path("nowhere.json") }), /nowhere\.json: there is no such file/);
      await assertUserError(() => loadTune(path("with.ts"), { space: path("torn.json") }), /torn\.json cannot be read as JSON/);
      await assertUserError(() => loadTune(path("with.ts"), { space: path("without.ts") }), /unknown key "name"/);
      await assertUserError(() => loadTune(path("with.ts"), { set: ["trial=3"] }), /unknown key "trial": did you mean "trials"\?/);
      await assertUserError(() => loadTune(path("with.ts"), { set: ["direction=minimise"] }), /unknown key "direction"/);
    }));
});

describe("sonomark tune", (test) => {
  test("reads times with and without a unit", () => {
    assert.equal(["90", "90s", "15m", "1.5 h", "2d"].map(timeout), [90_000, 90_000, 900_000, 5_400_000, 172_800_000]);
    for (const bad of ["0", "-1", "soon", "5 weeks", ""]) assert.throws(() => timeout(bad), /is no time/);
  });
  test("a study without an inner split is one sentence and exit code 1, and nothing is stored", () =>
    inFolder({}, async (path) => {
      const args = ["tune", "demo-tune", "--set", "finetune.inner.folds=0", "--store", path("store")];
      const { code, stderr } = await new Promise<{ code: number; stderr: string }>((done) => {
        execFile(process.execPath, [join(packageRoot, "src/cli/sonomark.mjs"), ...args], { cwd: tmpdir() }, (error, _out, stderr) =>
          done({ code: error ? Number(error.code) : 0, stderr }),
        );
      });
      assert.is(code, 1);
      assert.match(
        stderr.trim().split("\n").at(-1)!,
        /^sonomark: study demo-tune: finetune\.inner\.folds is 0, so no images are set aside/,
      );
    }));
});
