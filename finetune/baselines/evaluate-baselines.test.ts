import { join } from "node:path";
import * as assert from "uvu/assert";
import { baselineNameSchema, baselineSchema } from "../../src/config/baselines.ts";
import { studySchema } from "../../src/config/study.ts";
import { openStudyManifest } from "../../src/data/study-manifest.ts";
import { describe } from "../../src/testing/describe.ts";
import { assertClose } from "../../src/testing/close.ts";
import { greyPng, withFolder, writeFiles } from "../../src/testing/picture-files.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import type { ArmPredictions } from "../evaluation/terms.ts";
import { evaluateBaselines } from "./evaluate-baselines.ts";
import { measureImages } from "./measures.ts";
import { drawnLesion } from "./testing/drawn-lesions.ts";

const SIDE = 48;
const EACH = 10;

/** Noise with lesions, of which malignant ones stand upright; normal images have no mask, and that of the first benign one is empty. */
async function writeStudy(root: string, classes: readonly string[]): Promise<void> {
  for (const label of classes)
    for (const i of range(EACH)) {
      const rng = rngOf(i, "picture", label);
      const lesion = drawnLesion(SIDE, { major: 24 + rng.int(6), minor: 14 + rng.int(4), angle: label === "malignant" ? 90 : 0 });
      const files = { [`${label}/${label}-${i}.png`]: await greyPng(SIDE, SIDE, () => 60 + rng.int(150)) };
      const marked = !(label === "benign" && i === 0);
      if (label !== "normal")
        files[`masks/${label}/${label}-${i}.png`] = await greyPng(SIDE, SIDE, (x, y) => (marked ? 255 * lesion.pixels[y * SIDE + x] : 0));
      await writeFiles(root, files);
    }
}
const studyOf = (root: string, classes: string[], repeats = 1) =>
  studySchema.parse({
    name: "small",
    data: { source: `folder:${root}`, imageSize: 32, folds: 2, classes, repeats },
    analysis: { permutations: 99, bootstraps: 100 },
  });

describe("evaluateBaselines", (test) => {
  test("tells every baseline as its schema says, on images with masks where it needs one, and the first arm on the same", () =>
    withFolder(async (folder) => {
      const root = join(folder, "images");
      await writeStudy(root, ["benign", "malignant"]);
      const study = studyOf(root, ["benign", "malignant"], 2);
      const opened = await openStudyManifest(study.data, study.seed);
      const predictions = opened.manifest.images
        .map(({ id, group, label }) => ({
          image: id,
          group,
          label,
          fold: 0,
          score: Number(label === "malignant"),
          probability: 0.5,
          shares: [0.5, 0.5],
        }))
        .reverse();
      const first: ArmPredictions = {
        arm: { protocol: "finetune", initialisation: "pretrained", labels: 1 },
        replicates: range(2).map(() => ({ predictions, calibrations: [] })),
      };
      const found = await evaluateBaselines(study, first, { cache: folder, opened });
      assert.equal(
        found.map(({ name }) => name),
        baselineNameSchema.options,
      );
      for (const one of found) {
        baselineSchema.parse(JSON.parse(JSON.stringify(one)));
        const masks = one.name !== "majority" && one.name !== "metadata";
        assert.equal([one.images, one.positives, one.missing], masks ? [19, 10, 1] : [20, 10, 0]);
        assert.is(one.against!.auroc.estimate, 1);
        assertClose(one.against!.delta.estimate, 1 - one.performance!.auroc.estimate, { atol: 1e-12 });
        assert.match(one.against!.sentence, /^AUROC of pretrained minus /);
        assert.ok(one.against!.pHolm >= one.against!.p);
      }
      const [majority, , coarse] = found;
      assert.is(majority.performance!.auroc.estimate, 0.5);
      assertClose(majority.performance!.brier.estimate, 0.25, { atol: 1e-12 }); // folds of 5 and 5
      assert.is(coarse.performance!.auroc.estimate, 1);
      assert.is(coarse.features.find(({ name }) => name === "tilt")!.auroc!.estimate, 1);
    }));

  test("of three classes it tells the last from all others, and without an arm compares nothing", () =>
    withFolder(async (folder) => {
      const classes = ["normal", "benign", "malignant"];
      await writeStudy(folder, classes);
      const found = await evaluateBaselines(studyOf(folder, classes), undefined, { cache: folder });
      assert.equal(
        found.map(({ images, positives, missing, against }) => [images, positives, missing, against]),
        [...range(2).map(() => [30, 10, 0, null]), ...range(4).map(() => [19, 10, 11, null])],
      );
    }));

  test("without any mask, what needs one says so", () =>
    withFolder(async (folder) => {
      const classes = ["normal", "healthy"];
      for (const label of classes)
        for (const i of range(6)) {
          const rng = rngOf(i, "picture", label);
          await writeFiles(folder, { [`${label}/${label}-${i}.png`]: await greyPng(SIDE, SIDE, () => 60 + rng.int(150)) });
        }
      const found = await evaluateBaselines(studyOf(folder, classes), undefined, { cache: folder });
      assert.equal(
        found.map(({ missing, performance }) => [missing, performance === null]),
        [...range(2).map(() => [0, false]), ...range(4).map(() => [12, true])],
      );
    }));
});

describe("measureImages", (test) => {
  test("measures each image once, and again where a mask changed", () =>
    withFolder(async (folder) => {
      const root = join(folder, "images");
      await writeStudy(root, ["benign", "malignant"]);
      const { data, seed } = studyOf(root, ["benign", "malignant"]);
      const measured = async () => {
        let looks = 0;
        const { manifest } = await openStudyManifest(data, seed);
        return { found: await measureImages(manifest, { cache: folder, progress: () => looks++ }), looks };
      };
      const first = await measured();
      const again = await measured();
      assert.equal([first.looks, again.looks], [20, 0]);
      assert.equal(again.found, first.found);
      assert.is(first.found.filter((one) => one === null).length, 1);
      await writeFiles(root, { "masks/benign/benign-3.png": await greyPng(SIDE, SIDE, (x) => (x > 20 ? 255 : 0)) });
      const changed = await measured();
      assert.is(changed.looks, 20);
      assert.not.equal(changed.found[3]!.coarse, first.found[3]!.coarse);
    }));
});
