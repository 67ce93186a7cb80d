import { execFile } from "node:child_process";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { storedClassifier } from "../testing/classifier-folder.ts";
import { describe } from "../testing/describe.ts";
import { greyPng, withFolder, writeFiles } from "../testing/picture-files.ts";
import { parseCsv } from "../util/csv.ts";
import { packageRoot } from "../util/files.ts";

/** `sonomark predict …` as a user starts it, in `cwd`. */
const predict = (cwd: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const program = [join(packageRoot, "src/cli/sonomark.mjs"), "predict", ...args];
    execFile(process.execPath, program, { cwd }, (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, stdout, stderr }));
  });

const image = (k: number) => greyPng(40, 30, (x, y) => (x * 3 + y * (5 + k)) % 256);

/** A folder with the model, two images below `set` with what is none, and one that is damaged. */
const withFiles = (body: (folder: string) => Promise<void>): Promise<void> =>
  withFolder(async (folder) => {
    await writeFiles(folder, {
      ...storedClassifier(1).files,
      "set/a.png": await image(0),
      "set/b/c.png": await image(1),
      "set/b/c_mask.png": await image(2),
      "set/list.csv": "a,b\n",
      "bad.png": (await image(3)).subarray(0, 60),
    });
    await body(folder);
  });

describe("sonomark predict", (test) => {
  test("prints a row for each image of files and folders, and one sentence for what it cannot read; then the exit code is 1", () =>
    withFiles(async (folder) => {
      const { code, stdout, stderr } = await predict(folder, "--model", "m.onnx", "bad.png", "set", "gone.png", "set/a.png");
      assert.is(code, 1);
      assert.match(stdout, /^file,probability_benign,probability_malignant,score,decision\n/);
      const rows = parseCsv(stdout, "stdout");
      assert.equal(
        rows.map(({ file }) => file),
        ["set/a.png", "set/b/c.png", "set/a.png"],
      );
      assert.equal(rows[0], rows[2]);
      for (const row of rows) {
        assert.ok(Math.abs(Number(row.probability_benign) + Number(row.probability_malignant) - 1) < 1e-6);
        assert.is(row.score, row.probability_malignant);
        assert.is(row.decision, Number(row.score) >= 0.5 ? "malignant" : "benign");
      }
      assert.match(stderr, /^sonomark: set: 2 of 4 files are no images or are masks by their names, and are left out$/m);
      assert.match(
        stderr,
        /^sonomark: m\.onnx; malignant from a probability of 0\.500 on \(youden: .*\)\. Research software, not a medical device\.$/m,
      );
      assert.match(stderr, /^sonomark: bad\.png: .*(damaged|that can be read)/m);
      assert.match(stderr, /^sonomark: gone\.png: there is no such file; check the path$/m);
      assert.not.match(stderr, /\n {4}at /);
    }));
  test("prints one JSON document with --json, and decides as it is told", () =>
    withFiles(async (folder) => {
      interface Told {
        model: { classes: string[]; imageSize: number; threshold: { rule: string; value: number } | null };
        predictions: { file: string; score: number; decision: string; probabilities: Record<string, number> }[];
        failed: unknown[];
        notice: string;
      }
      const { code, stdout } = await predict(folder, "--json", "--model", "model", "--threshold", "0", "set/a.png");
      const { model, predictions, failed, notice } = JSON.parse(stdout) as Told;
      assert.equal([code, failed, notice], [0, [], "Research software, not a medical device."]);
      assert.equal([model.classes, model.imageSize, model.threshold?.rule], [["benign", "malignant"], 32, "given"]);
      assert.equal(
        predictions.map(({ file, decision }) => [file, decision]),
        [["set/a.png", "malignant"]],
      );
      assert.is(predictions[0].probabilities.malignant, predictions[0].score);
    }));
  test("says in one sentence what is wrong with the model, and asks for one", () =>
    withFiles(async (folder) => {
      const unknown = await predict(folder, "--model", "nosuch", "--store", join(folder, "mlruns"), "set");
      assert.equal([unknown.code, unknown.stdout], [1, ""]);
      assert.match(
        unknown.stderr,
        /^sonomark: --model nosuch: there is no such file or folder, and .*mlruns has no finished run of this id or name; .*$/m,
      );
      assert.match((await predict(folder, "set")).stderr, /required option '--model <what>'/);
    }));
});
