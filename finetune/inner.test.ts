import * as assert from "uvu/assert";
import { studySchema } from "../src/config/study.ts";
import { describe } from "../src/testing/describe.ts";
import { range, rngOf } from "../src/util/rng.ts";
import { calibrationFrom, innerSplit } from "./inner.ts";
import { calibratedShares, positiveLogOdds } from "../src/metrics/class-shares.ts";

type Given = Parameters<typeof innerSplit>[0];
const groups = Int32Array.from(range(80), (i) => i >> 1);
const labels = Int32Array.from(groups, (group) => group % 2);
const given = (folds: number, images = range(80)): Given =>
  ({
    images,
    data: { labels, groups },
    task: { study: studySchema.parse({ name: "s", data: { source: "folder:x" }, finetune: { inner: { folds } } }) },
  }) as unknown as Given;

describe("innerSplit", (test) => {
  test("sets one part of the groups of each class aside, and no group on both sides", () => {
    const { trained, aside } = innerSplit(given(5))!;
    assert.is(aside.length, 16);
    assert.equal(
      [...trained, ...aside].sort((a, b) => a - b),
      range(80),
    );
    const seen = new Set(trained.map((image) => groups[image]));
    assert.not.ok(aside.some((image) => seen.has(groups[image])));
    assert.is(aside.filter((image) => labels[image] === 1).length, 8);
  });
  test("is none where none is asked for, or a class has not a group for each part", () => {
    assert.is(innerSplit(given(0)), undefined);
    assert.is(innerSplit(given(5, range(16))), undefined);
  });
});

describe("calibrationFrom", (test) => {
  const drawn = (n: number, scale: number) => {
    const rng = rngOf(2, "inner");
    const rows = range(n).map((i) => {
      const z = 2 * rng.normal();
      const label = Number(rng.next() < 1 / (1 + Math.exp(-z)));
      return { logits: [0, scale * z], label, group: i };
    });
    return {
      ...{ logits: rows.map((row) => row.logits), labels: rows.map((row) => row.label), groups: rows.map((row) => row.group) },
      ...{ falseNegativeCost: 1, epochs: 7 },
    };
  };
  test("finds the factor that log-odds were too large by", () => {
    const { temperature, epochs, images, groups: units } = calibrationFrom(drawn(4000, 3));
    assert.ok(Math.abs(temperature - 3) < 0.3, `got ${temperature}`); // standard error about 0.08
    assert.equal([epochs, images, units], [7, 4000, 4000]);
  });
  test("puts the cost threshold where a positive costs as much as a negative: p = 1/(1 + cost), within what the sample leaves open", () => {
    for (const falseNegativeCost of [1, 4]) {
      const { thresholds } = calibrationFrom({ ...drawn(4000, 3), falseNegativeCost });
      assert.ok(Math.abs(thresholds.cost - 1 / (1 + falseNegativeCost)) < 0.12, `got ${thresholds.cost}`);
    }
  });
  test("falls back to 0.5 where one class is there, and to 1 where nothing is better than chance", () => {
    const one = calibrationFrom({
      logits: [
        [0, 1],
        [0, 2],
      ],
      labels: [1, 1],
      groups: [0, 1],
      falseNegativeCost: 1,
      epochs: null,
    });
    assert.equal([one.thresholds.youden, one.auroc], [0.5, null]);
    const wrong = calibrationFrom({
      logits: [
        [0, -1],
        [0, 1],
      ],
      labels: [1, 0],
      groups: [0, 1],
      falseNegativeCost: 1,
      epochs: null,
    });
    assert.is(wrong.thresholds.youden, 1);
  });
});

describe("logits", (test) => {
  test("of two classes give the logistic function of their difference, however large they are", () => {
    assert.is(positiveLogOdds([3, 5]), 2);
    assert.ok(Math.abs(calibratedShares([1000, 1002], 2)[1] - 1 / (1 + Math.exp(-1))) < 1e-12);
  });
  test("of several classes set the last against all others", () => {
    const shares = calibratedShares([1, 2, 0.5], 1);
    assert.ok(Math.abs(positiveLogOdds([1, 2, 0.5]) - Math.log(shares[2] / (1 - shares[2]))) < 1e-12);
    assert.ok(Math.abs(shares[0] + shares[1] + shares[2] - 1) < 1e-12);
  });
});
