/** @file The tasks explain and analyse on a small study with untrained models: what they write, and that they write it again. */
import { join } from "node:path";
import * as assert from "uvu/assert";
import { biomarkersSchema } from "../src/config/biomarkers.ts";
import { reportSchema } from "../src/config/report.ts";
import { tf } from "../src/engine/tf.ts";
import { startEngine } from "../src/engine/start.ts";
import { assertUserError } from "../src/testing/close.ts";
import { describe } from "../src/testing/describe.ts";
import { withFolder } from "../src/testing/picture-files.ts";
import { analyse } from "./analyse.ts";
import { explain, spread } from "./explain.ts";
import { readIndex, readMaps } from "./map-files.ts";
import { modelFiles, smallStudy, type SmallStudy } from "./testing/small-study.ts";

await startEngine({ threads: 1 });

const text = (written: Map<string, string | Uint8Array>, path: string) => Buffer.from(written.get(path)!).toString("utf8");

/** What the explain task of a fold writes. */
async function explainFold(small: SmallStudy, fold: number): Promise<Map<string, string | Uint8Array>> {
  const written = new Map<string, string | Uint8Array>();
  await explain(small.context("explain", fold, written));
  return written;
}

/** Runs explain on both folds and stores what it wrote as finished runs. */
async function explained(small: SmallStudy): Promise<Map<string, string | Uint8Array>[]> {
  const folds: Map<string, string | Uint8Array>[] = [];
  for (const fold of [0, 1]) {
    await small.finish(`finetune/scratch/fold-${fold}`, modelFiles(small.study, fold));
    folds.push(await explainFold(small, fold));
    await small.finish(`explain/fold-${fold}`, Object.fromEntries(folds[fold]!));
  }
  return folds;
}

const inStudy = (body: (small: SmallStudy) => Promise<void>) => () =>
  withFolder(async (folder) => {
    process.env.SONOMARK_CACHE = join(folder, "cache");
    await body(await smallStudy(folder));
  });

describe("explain and analyse", (test) => {
  test(
    "write raw maps of every held-out image, overlays, the biomarker table and a report, and the same again",
    inStudy(async (small) => {
      const [first, second] = await explained(small);
      assert.equal([...first.keys()].filter((path) => !path.startsWith("overlays/")).sort(), [
        "maps/grad-cam.npy",
        "maps/index.csv",
        "maps/integrated-gradients.npy",
      ]);
      assert.is([...first.keys()].filter((path) => /^overlays\/grad-cam\/(benign|malignant)_.*\.png$/.test(path)).length, 4);
      assert.ok(first.has("overlays/integrated-gradients/montage.png"));

      const run = (await small.context("analyse", null, new Map()).needed("explain/fold-0")).info.runId;
      const index = await readIndex(small.store, run);
      assert.equal(
        index.map(({ row }) => row),
        [0, 1, 2, 3],
      );
      const maps = await readMaps(small.store, run, "integrated-gradients");
      assert.equal([maps.n, maps.rows, maps.columns], [4, 32, 32]);
      assert.ok(maps.values.some((value) => value < 0) && maps.values.some((value) => value > 0));
      assert.is((await readMaps(small.store, run, "grad-cam")).rows, 4);

      const written = new Map<string, string | Uint8Array>();
      await small.finish("evaluate", small.evaluated);
      await analyse(small.context("analyse", null, written));
      assert.equal([...written.keys()].sort(), [
        "biomarkers.csv",
        "biomarkers.json",
        "hot-spots.csv",
        "report.html",
        "report.json",
        "spatial.csv",
      ]);
      const biomarkers = biomarkersSchema.parse(JSON.parse(text(written, "biomarkers.json")));
      assert.equal([biomarkers.groupsNegative, biomarkers.groupsPositive, biomarkers.spatial.length], [4, 4, 2]);
      assert.is(text(written, "spatial.csv").trim().split("\n").length, 1 + 2 * 8);
      assert.match(
        text(written, "report.html"),
        /Held out: every result is on images whose group was not trained on\. 8 images of 8 groups/,
      );

      const report = reportSchema.parse(JSON.parse(text(written, "report.json")));
      assert.equal(report.biomarkers, biomarkers);
      assert.is(report.source?.reader, "folder");
      assert.ok(report.worst.length > 0);
      for (const { image } of report.worst) assert.ok(text(written, "report.html").includes(`alt="${image}: frame"`), image);

      const tensors = tf.memory().numTensors;
      const again = await explainFold(small, 1);
      assert.is(tf.memory().numTensors, tensors, "tensors left behind");
      for (const [path, bytes] of second) assert.ok(Buffer.from(again.get(path)!).equals(Buffer.from(bytes)), path);
      const twice = new Map<string, string | Uint8Array>();
      await analyse(small.context("analyse", null, twice));
      for (const [path, bytes] of written) assert.ok(Buffer.from(twice.get(path)!).equals(Buffer.from(bytes)), path);
    }),
  );

  test(
    "says which image has no map when the data changed in between",
    inStudy(async (small) => {
      await explained(small);
      await small.finish("evaluate", small.evaluated);
      await small.finish("explain/fold-0", Object.fromEntries(await explainFold(small, 1)));
      await assertUserError(() => analyse(small.context("analyse", null, new Map())), /image .* has no map in any fold/);
    }),
  );
});

describe("spread", (test) => {
  test("takes as many of each class, evenly over its list, and all of a class that has fewer", () => {
    const labels = [0, 0, 0, 0, 0, 0, 1, 1];
    assert.equal(spread([0, 1, 2, 3, 4, 5, 6, 7], labels, 6), [0, 2, 4, 6, 7]);
    assert.equal(spread([5, 7], labels, 24), [0, 1]);
  });
});
