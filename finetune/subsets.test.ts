import * as assert from "uvu/assert";
import { describe } from "../src/testing/describe.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { batchSizeFor, innerFolds, labelledSubset } from "./subsets.ts";

/** 60 images of 30 groups of 1, 2 or 3; groups 0–19 are class 0, 20–29 class 1. */
const groups = Int32Array.from(range(60), (i) => Math.floor(i / 6) * 3 + [0, 1, 1, 2, 2, 2][i % 6]);
const labels = Int32Array.from(groups, (group) => (group < 20 ? 0 : 1));
const cases = { groups, labels };
const drawn = (share: number, images = range(60), seed = 1) => labelledSubset(images, cases, share, rngOf(seed, "subset"));
const groupsIn = (images: readonly number[]) => [...new Set(images.map((image) => groups[image]))].sort((a, b) => a - b);

describe("labelledSubset", (test) => {
  test("takes whole groups, the share of each class, of the images asked for alone", () => {
    const images = range(60).filter((image) => groups[image] % 5 !== 0); // 16 groups of class 0, 8 of class 1
    const found = drawn(0.25, images);
    assert.is(groupsIn(found).filter((group) => group < 20).length, 4);
    assert.is(groupsIn(found).filter((group) => group >= 20).length, 2);
    assert.equal(
      found,
      images.filter((image) => groupsIn(found).includes(groups[image])),
    );
  });

  test("nests: what 10 % hold, 25 % hold too, and 100 % are all", () => {
    for (const seed of range(20)) {
      const [few, some, all] = [0.1, 0.25, 1].map((share) => drawn(share, range(60), seed));
      assert.ok(few.every((image) => some.includes(image)) && few.length < some.length);
      assert.equal(all, range(60));
    }
  });

  test("draws other groups from another seed, and the same from the same", () => {
    assert.equal(drawn(0.1), drawn(0.1));
    assert.not.equal(drawn(0.1), drawn(0.1, range(60), 2));
  });
});

describe("innerFolds", (test) => {
  test("cuts no group, and holds both classes out in each fold", () => {
    const images = range(60).slice(3, 57);
    const folds = innerFolds(images, cases, 3);
    for (const group of groupsIn(images)) assert.is(new Set(folds.filter((_, i) => groups[images[i]] === group)).size, 1);
    for (const fold of range(3)) assert.is(new Set(images.filter((_, i) => folds[i] === fold).map((image) => labels[image])).size, 2);
  });
});

describe("batchSizeFor", (test) => {
  test("halves until two batches fill", () => {
    assert.equal(
      [518, 64, 63, 31, 3].map((images) => batchSizeFor(images, 32)),
      [32, 32, 16, 8, 2],
    );
  });
});
