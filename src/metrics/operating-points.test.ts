/** @file Thresholds and what they do: golden values, and searches over every threshold by counting. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { goldenCases } from "../testing/golden.ts";
import { range, rngOf } from "../util/rng.ts";
import { atThreshold } from "./at-threshold.ts";
import { sensitivityAtSpecificity, specificityAtSensitivity } from "./sensitivity-at-specificity.ts";
import { costThreshold, youdenThreshold } from "./thresholds.ts";

const file = new URL("./fixtures/golden-stats.json", import.meta.url);
const tight = { rtol: 1e-9, atol: 1e-11 };
type Scores = { y: number[]; score1: number[] };

/** 40 cases with ties. */
function sample(seed: number) {
  const rng = rngOf(seed, "operating points");
  const labels = [0, 1, ...range(38).map(() => rng.int(2))];
  return { labels, scores: labels.map((label) => (label + rng.int(8)) / 10) };
}

/** Rates at every threshold, from the highest, by counting. */
const everyThreshold = ({ labels, scores }: ReturnType<typeof sample>) =>
  [Infinity, ...[...new Set(scores)].sort((a, b) => b - a)].map((threshold) => {
    const share = (label: number, called: boolean) => {
      const own = scores.filter((_, i) => labels[i] === label);
      return own.filter((score) => score >= threshold === called).length / own.length;
    };
    return { threshold, sensitivity: share(1, true), specificity: share(0, false) };
  });

describe("atThreshold", (test) => {
  type Expected = Record<
    "tp" | "fp" | "tn" | "fn" | "sensitivity" | "specificity" | "ppv" | "npv" | "accuracy" | "balanced_accuracy" | "f1" | "mcc",
    number
  >;

  test("equals scikit-learn", () => {
    for (const { inputs, params, expected, name } of goldenCases<Scores, Expected>(file, "threshold_metrics")) {
      const at = atThreshold(inputs.y, inputs.score1, params.threshold as number);
      const ours = [
        at.truePositives,
        at.falsePositives,
        at.trueNegatives,
        at.falseNegatives,
        at.sensitivity,
        at.specificity,
        at.ppv,
        at.npv,
      ];
      const theirs = [
        expected.tp,
        expected.fp,
        expected.tn,
        expected.fn,
        expected.sensitivity,
        expected.specificity,
        expected.ppv,
        expected.npv,
      ];
      assertClose(ours, theirs, tight, name);
      assertClose(
        [at.accuracy, at.balancedAccuracy, at.f1, at.mcc],
        [expected.accuracy, expected.balanced_accuracy, expected.f1, expected.mcc],
        tight,
        name,
      );
    }
  });

  test("is NaN where a rate divides by nothing, and keeps MCC within 1 at a million cases", () => {
    const nobody = atThreshold([0, 1], [0.2, 0.3], Infinity);
    assert.ok(Number.isNaN(nobody.ppv) && Number.isNaN(nobody.mcc));
    assert.equal([nobody.sensitivity, nobody.specificity, nobody.npv, nobody.f1], [0, 1, 0.5, 0]);
    assert.ok(Number.isNaN(atThreshold([0, 0], [1, 2], 0).sensitivity));
    const many = Uint8Array.from({ length: 1e6 }, (_, i) => i % 2);
    assertClose(atThreshold(many, many, 1).mcc, 1, { rtol: 1e-15 });
    assert.throws(() => atThreshold([0], [1], NaN), /threshold must be a number, got NaN/);
  });
});

describe("sensitivityAtSpecificity and specificityAtSensitivity", (test) => {
  test("find the best of all thresholds, the highest of equals, over 20 seeds and 11 rates", () => {
    for (const seed of range(20))
      for (const rate of range(11).map((i) => i / 10)) {
        const { labels, scores } = sample(seed);
        const points = everyThreshold({ labels, scores });
        const best = (fixed: "sensitivity" | "specificity", free: "sensitivity" | "specificity") =>
          points.filter((point) => point[fixed] >= rate).reduce((a, b) => (b[free] > a[free] ? b : a));
        assert.equal(sensitivityAtSpecificity(labels, scores, rate), best("specificity", "sensitivity"), `seed ${seed}, rate ${rate}`);
        assert.equal(specificityAtSensitivity(labels, scores, rate), best("sensitivity", "specificity"), `seed ${seed}, rate ${rate}`);
      }
  });

  test("take a rate that is met exactly: 19 of 20", () => {
    const labels = [...range(20).map(() => 0), 1];
    const scores = [...range(20), 18.5];
    assert.equal(sensitivityAtSpecificity(labels, scores, 0.95), { threshold: 18.5, sensitivity: 1, specificity: 0.95 });
    assert.is(sensitivityAtSpecificity(labels, scores, 0.951).sensitivity, 0);
  });

  test("are NaN for one class and refuse rates beyond 0 and 1", () => {
    assert.ok(Number.isNaN(sensitivityAtSpecificity([1, 1], [0, 1], 0.9).sensitivity));
    assert.throws(
      () => specificityAtSensitivity([0, 1], [0, 1], 95),
      /specificityAtSensitivity: the fixed rate must be within 0 and 1, got 95/,
    );
  });
});

describe("youdenThreshold", (test) => {
  test("equals the reference, ties to the highest threshold", () => {
    type Expected = { youden_J: number; youden_threshold: number };
    for (const { inputs, expected, name } of goldenCases<Scores, Expected>(file, "roc_curve_youden_ap")) {
      const { threshold, youden } = youdenThreshold(inputs.y, inputs.score1);
      assertClose([threshold, youden], [expected.youden_threshold, expected.youden_J], tight, name);
    }
  });

  test("calls nobody positive where the score is worth nothing, and is NaN for one class", () => {
    assert.equal(youdenThreshold([0, 1], [3, 3]), { threshold: Infinity, sensitivity: 0, specificity: 1, youden: 0 });
    assert.ok(Number.isNaN(youdenThreshold([1], [3]).threshold));
  });
});

describe("costThreshold", (test) => {
  test("has the least cost of all thresholds, with the data's prevalence and a given one, over 20 seeds", () => {
    for (const seed of range(20))
      for (const prevalence of [undefined, 0.05]) {
        const { labels, scores } = sample(seed);
        const share = prevalence ?? labels.filter((label) => label === 1).length / 40;
        const costs = everyThreshold({ labels, scores }).map(
          ({ sensitivity, specificity }) => share * 10 * (1 - sensitivity) + (1 - share) * 3 * (1 - specificity),
        );
        const { cost, threshold } = costThreshold(labels, scores, { falseNegative: 10, falsePositive: 3, prevalence });
        const least = Math.min(...costs);
        assertClose(cost, least, { rtol: 1e-12 });
        const first = costs.findIndex((one) => one <= least + 1e-12);
        assert.is(threshold, everyThreshold({ labels, scores })[first].threshold);
      }
  });

  test("is Youden's where both classes weigh the same, and goes to the ends where one error is free", () => {
    const { labels, scores } = sample(1);
    const costs = { falseNegative: 1, falsePositive: 1, prevalence: 0.5 };
    assert.is(costThreshold(labels, scores, costs).threshold, youdenThreshold(labels, scores).threshold);
    assert.is(costThreshold(labels, scores, { ...costs, falseNegative: 0 }).threshold, Infinity);
    assert.is(costThreshold(labels, scores, { ...costs, falsePositive: 0 }).sensitivity, 1);
  });

  test("refuses negative costs and shares beyond 1", () => {
    assert.throws(
      () => costThreshold([0, 1], [0, 1], { falseNegative: -1, falsePositive: 1 }),
      /falseNegative must be a cost of at least 0, got -1/,
    );
    assert.throws(
      () => costThreshold([0, 1], [0, 1], { falseNegative: 1, falsePositive: 1, prevalence: 20 }),
      /prevalence must be within 0 and 1, got 20/,
    );
  });
});
