/** @file A probe's calibration: what its inner predictions of all labelled images say, and nothing where nothing was asked for. */
import * as assert from "uvu/assert";
import { studySchema } from "../../src/config/study.ts";
import { calibratedShares } from "../../src/metrics/class-shares.ts";
import { assertClose, assertUserError } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import type { Fold } from "../fold.ts";
import { bankOf } from "./bank.ts";
import { calibrationOf, logitsOfShares } from "./inner-shares.ts";

/** A fold of 60 images, two a group, of classes in turn; labels are of every image of the data set. */
function foldOf({ classes = ["benign", "malignant"], folds = 5, labelOf = (group: number) => group % classes.length } = {}): Fold {
  const study = studySchema.parse({ name: "study", data: { source: "folder:x", classes }, finetune: { inner: { folds } } });
  const groups = Int32Array.from(range(60), (i) => i >> 1);
  const data = { labels: groups.map(labelOf), groups };
  return { images: range(60), data, classes: classes.length, task: { name: "linear/pretrained/fold-0", study } } as unknown as Fold;
}
const featuresOf = (images: readonly number[]) => images.map((image) => [image]);

describe("calibrationOf", (test) => {
  test("finds the temperature that labels were drawn with, from all images", () => {
    const fold = foldOf();
    const images = range(4000);
    const rng = rngOf(1, "calibration");
    const sharp = images.map(() => 2 * rng.normal());
    const labels = Int32Array.from(sharp, (z) => Number(rng.next() < 1 / (1 + Math.exp(-z / 3)))); // three times too sure
    const shares = sharp.map((z) => calibratedShares([0, z], 1));
    const found = calibrationOf({ ...fold, images, data: { ...fold.data, labels, groups: Int32Array.from(images) } }, shares)!;
    assertClose(found.temperature, 3, { rtol: 0.15 });
    assert.equal([found.images, found.groups, found.epochs], [4000, 4000, null]);
    assert.equal(Object.keys(found.thresholds), ["youden", "cost"]);
  });

  test("is null where no inner split is asked for, and where nothing could be predicted", () => {
    const shares = range(60).map((i) => [0.2 + (i % 2) / 2, 0.8 - (i % 2) / 2]);
    assert.is(calibrationOf(foldOf({ folds: 0 }), shares), null);
    assert.is(calibrationOf(foldOf(), undefined), null);
  });
});

describe("logitsOfShares", (test) => {
  test("have the shares as their softmax, and are finite where a share is 0", () => {
    assertClose(calibratedShares(logitsOfShares([[0.2, 0.5, 0.3]])[0], 1), [0.2, 0.5, 0.3], { atol: 1e-12 });
    assertClose(logitsOfShares([[0, 1]])[0], [Math.log(1e-6), 0], { atol: 1e-12 });
  });
});

describe("bankOf", (test) => {
  test("deals inner folds by group, of three classes too, also where the study asks for no inner split", () => {
    for (const folds of [0, 5]) {
      const { inner, labels, classes } = bankOf(foldOf({ classes: ["normal", "benign", "malignant"], folds }), { featuresOf });
      assert.is(classes, 3);
      assert.is(new Set(Array.from(inner!)).size, 5);
      assert.ok(range(30).every((group) => inner![2 * group] === inner![2 * group + 1]));
      assert.equal(Array.from(labels).slice(0, 6), [0, 0, 1, 1, 2, 2]);
    }
  });
  test("deals none where a class has one group, and names a class that has none", async () => {
    assert.is(bankOf(foldOf({ labelOf: (group) => Number(group === 7) }), { featuresOf }).inner, undefined);
    await assertUserError(
      () => bankOf(foldOf({ labelOf: () => 0 }), { featuresOf }),
      /^linear\/pretrained\/fold-0: none of the 60 labelled training images is malignant; lower data\.folds/,
    );
  });
});
